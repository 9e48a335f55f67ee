using System.Globalization;
using System.Numerics;
using Ops.Specs.Types;
using Ops.Tensors;

namespace Ops.Cli.Testing;

/// <summary>Compares a tensor with the one wanted.</summary>
internal static class TensorComparer
{
    /// <summary>What is wrong, with the largest error and its place; null when nothing is.</summary>
    /// <param name="actual">The tensor that was computed.</param>
    /// <param name="wanted">The tensor wanted.</param>
    /// <param name="tolerance">How far elements may differ. NaN equals NaN, an infinity the one of the same sign.</param>
    public static string? Compare(TensorValue actual, TensorValue wanted, Tolerance tolerance)
    {
        if (actual.Type != wanted.Type)
            return $"the element type is {actual.Type.Name()}, wants {wanted.Type.Name()}";
        if (!actual.Dims.AsSpan().SequenceEqual(wanted.Dims))
            return $"the shape is [{string.Join(", ", actual.Dims)}], wants [{string.Join(", ", wanted.Dims)}]";
        long worst = -1, wrong = 0;
        double largest = -1;
        for (long i = 0; i < wanted.Length; i++)
        {
            double error = Error(actual, wanted, i, tolerance);
            if (error <= 0)
                continue;
            wrong++;
            if (error > largest)
                (largest, worst) = (error, i);
        }
        if (wrong == 0)
            return null;
        string allowed = tolerance == Tolerance.Exact
            ? "exactly" : string.Create(CultureInfo.InvariantCulture, $"rtol {tolerance.Relative}, atol {tolerance.Absolute}");
        string size = wanted.Type == ElementType.String
            ? "the first" : string.Create(CultureInfo.InvariantCulture, $"largest error {largest:G4}");
        return $"{wrong} of {wanted.Length} elements differ, {size} at {Place(wanted.Dims, worst)}: got {actual.TextAt(worst)}, wants {wanted.TextAt(worst)} ({allowed})";
    }

    /// <summary>0 when an element is near enough, else how far it is off; infinite when a finite number and another thing meet.</summary>
    private static double Error(TensorValue actual, TensorValue wanted, long index, Tolerance tolerance)
    {
        if (wanted.Type == ElementType.String)
            return actual.Strings![index] == wanted.Strings![index] ? 0 : 1;
        if (TensorElements.IsReal(wanted.Type))
            return Error(actual.RealAt(index), wanted.RealAt(index), tolerance);
        if (TensorElements.IsComplex(wanted.Type))
        {
            Complex a = actual.ComplexAt(index), w = wanted.ComplexAt(index);
            return Math.Max(Error(a.Real, w.Real, tolerance), Error(a.Imaginary, w.Imaginary, tolerance));
        }
        return (double)Int128.Abs(actual.IntegerAt(index) - wanted.IntegerAt(index));
    }

    private static double Error(double actual, double wanted, Tolerance tolerance)
    {
        if (actual == wanted || double.IsNaN(actual) && double.IsNaN(wanted))
            return 0;
        if (!double.IsFinite(actual) || !double.IsFinite(wanted))
            return double.PositiveInfinity;
        double error = Math.Abs(actual - wanted);
        return error <= tolerance.Absolute + tolerance.Relative * Math.Abs(wanted) ? 0 : error;
    }

    private static string Place(long[] dims, long offset)
    {
        var indices = new long[dims.Length];
        for (int i = dims.Length - 1; i >= 0; i--)
            (offset, indices[i]) = Math.DivRem(offset, dims[i]);
        return $"[{string.Join(", ", indices)}]";
    }
}
