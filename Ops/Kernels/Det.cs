using Ops.Kernels;
using Ops.Specs.Types;
using Ops.Threading;

namespace Ops;

public static unsafe partial class Det
{
    private static partial void Compute(in Args args, in Operand X, in Operand Y)
    {
        long n = args.n, count = Y.Length;
        using var scratch = Scratch.Rent((X.Length + count) * sizeof(double));
        var matrices = new Operand(scratch.Data, ElementType.Double, X.Dims);
        var results = new Operand(scratch.Data + (X.Length * sizeof(double)), ElementType.Double, Y.Dims);
        ElementConversion.Run("Det", X, matrices);
        for (long i = 0; i < count; i++) ((double*)results.Data)[i] = Eliminate((double*)matrices.Data + (i * n * n), n);
        ElementConversion.Run("Det", results, Y);
    }

    /// <summary>Gaussian elimination with partial pivoting, in place.</summary>
    private static double Eliminate(double* a, long n)
    {
        double product = 1;
        for (long column = 0; column < n; column++)
        {
            long pivot = column;
            for (long row = column + 1; row < n; row++)
                if (Math.Abs(a[(row * n) + column]) > Math.Abs(a[(pivot * n) + column])) pivot = row;
            double head = a[(pivot * n) + column];
            if (head == 0) return 0;
            product *= pivot == column ? head : -head;
            if (pivot != column)
                for (long k = column; k < n; k++)
                    (a[(pivot * n) + k], a[(column * n) + k]) = (a[(column * n) + k], a[(pivot * n) + k]);
            for (long row = column + 1; row < n; row++)
            {
                double factor = a[(row * n) + column] / head;
                for (long k = column + 1; k < n; k++) a[(row * n) + k] -= factor * a[(column * n) + k];
            }
        }

        return product;
    }
}
