using Ops.Schemas;
using Ops.Simd;
using Ops.Specs.Types;
using Ops.Tensors;

namespace Ops.Tests.Operators;

[TestClass]
public sealed class ElementwiseOpTests
{
    private static readonly double[] Plain =
    [
        0, -0.0, 1, -1, 0.5, -0.5, 1.5, -1.5, 2, -2, 2.5, -2.5, 3, -3, 0.1, -0.1, 0.9999, -0.9999, 0.3, -0.7, 1e-3, -1e-3, 1e-7, -1e-7,
        4.7, -4.7, 6, -6, 10, -10, 20, -20, 50, -50, 88, -88, 100, -100, 710, -745, 1e4, -1e4, 1e9, -1e9, 1e30, -1e30, 1e200, -1e200,
        double.NaN, double.PositiveInfinity, double.NegativeInfinity, Math.PI, -Math.PI / 2, 123.456, -77.7,
    ];

    private static readonly double[] Few = [0, -0.0, 1, -2.5, 3, 1e-3, double.NaN, double.PositiveInfinity, double.NegativeInfinity];

    public static IEnumerable<object[]> Cases => Formulas.All.Select((f, i) => new object[] { i, f.ToString() });

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void EveryElementMatchesTheFormula(int index, string name)
    {
        Formula formula = Formulas.All[index];
        OpDefinition op = OpRegistry.Get("ai.onnx", formula.Op, int.MaxValue);
        var wrong = new List<string>();
        int checkedTypes = 0;
        foreach (ElementType type in TypesOf(op.Schema))
        {
            bool real = type.IsFloat();
            if (real ? formula.Real is null : formula.Whole is null)
                continue;
            checkedTypes++;
            wrong.AddRange(real ? CompareReals(op, formula, type) : CompareWholes(op, formula, type));
        }

        Assert.AreNotEqual(0, checkedTypes, $"{name} was compared for no type");
        Assert.IsEmpty(wrong, $"{wrong.Count} elements differ:\n{string.Join("\n", wrong.Take(12))}");
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void EveryWidthGivesTheSameBits(int index, string name)
    {
        Formula formula = Formulas.All[index];
        OpDefinition op = OpRegistry.Get("ai.onnx", formula.Op, int.MaxValue);

        // One type of each kind: compiling all of them at every width takes long, and the vectors themselves are tested with each.
        foreach (ElementType type in TypesOf(op.Schema).Where(t => t is ElementType.Float or ElementType.Int32 or ElementType.UInt8))
        {
            if (type.IsFloat() ? formula.Real is null : formula.Whole is null)
                continue;
            List<TensorValue?> inputs = type.IsFloat() ? RealInputs(formula, type).Inputs : WholeInputs(formula, type).Inputs;
            byte[] widest = BitsAt(Isa.Best);
            for (IsaLevel level = IsaLevel.Scalar; level < Isa.Best; level++)
                CollectionAssert.AreEqual(widest, BitsAt(level), $"{name} of {type.Name()} at {level}");

            byte[] BitsAt(IsaLevel level)
            {
                using Isa.Forced forced = Isa.Force(level);
                TensorValue output = Run(op, inputs, formula.Attributes);

                // Which of the many NaNs comes out is not promised.
                return output.Type.IsFloat()
                    ? [.. Elements.Reals(output).SelectMany(v => BitConverter.GetBytes(double.IsNaN(v) ? double.NaN : v))]
                    : output.Bytes.ToArray();
            }
        }
    }

    [TestMethod]
    public void EveryElementwiseOpHasAFormula()
    {
        // Where takes conditions. SwiGLU's gate underflows where the grid multiplies it by infinities; ONNX's node tests cover it.
        string[] without =
        [
            .. OpRegistry.All.Where(d => d.Schema is { Domain: "ai.onnx", Kernel: "elementwise" }).Select(d => d.Schema.Name).Distinct()
                .Except(Formulas.All.Select(f => f.Op)).Except(["Where", "SwiGLU"]),
        ];
        Assert.IsEmpty(without, string.Join(", ", without));
    }

    [TestMethod]
    public void EveryTypeThatKernelsTakeHasAFormula()
    {
        var without = new List<string>();
        foreach (string name in Formulas.All.Select(f => f.Op).Distinct())
        {
            OpSchema schema = OpRegistry.Get("ai.onnx", name, int.MaxValue).Schema;
            Formula[] formulas = [.. Formulas.All.Where(f => f.Op == name)];
            without.AddRange(TypesOf(schema)
                .Where(t => formulas.All(f => t.IsFloat() ? f.Real is null : f.Whole is null))
                .Select(t => $"{name} of {t.Name()}"));
        }

        Assert.IsEmpty(without, string.Join(", ", without));
    }

    [TestMethod]
    public void WhereTakesEveryTypeThatKernelsTake()
    {
        OpDefinition op = OpRegistry.Get("ai.onnx", "Where", int.MaxValue);
        foreach (ElementType type in TypesOf(op.Schema).Append(ElementType.Bool))
        {
            // Both branches broadcast against the condition.
            TensorValue condition = Elements.Of(ElementType.Bool, [(Int128)1, 0, 0, 1, 1, 0], 3, 2);
            TensorValue x = Elements.Of(type, [(double)1, 0], 2), y = Elements.Of(type, [(double)0, 1, 1], 3, 1);
            double[] result = Elements.Reals(Run(op, [condition, x, y], []));
            CollectionAssert.AreEqual(new double[] { 1, 0, 1, 0, 1, 1 }, result, type.Name());
        }
    }

    private static IEnumerable<string> CompareReals(OpDefinition op, Formula formula, ElementType type)
    {
        FloatFormat format = FloatFormat.Of(type);
        (List<TensorValue?> inputs, double[] grid) = RealInputs(formula, type);
        double[] results = Elements.Reals(Run(op, inputs, formula.Attributes));
        Assert.HasCount((int)Math.Pow(grid.Length, formula.Inputs), results);
        for (int i = 0; i < results.Length; i++)
        {
            double[] arguments = ArgumentsAt(i, [.. Enumerable.Repeat(grid, formula.Inputs)]);
            double wanted = formula.Real!(arguments);
            bool same = double.IsNaN(wanted) ? double.IsNaN(results[i])
                : BitConverter.DoubleToInt64Bits(wanted) == BitConverter.DoubleToInt64Bits(results[i]);
            string? difference = formula.Exact ? (same ? null : "not exactly that")
                : format.Difference(results[i], wanted, formula.Ulps, formula.Slack(arguments), formula.Steps);
            if (difference is not null)
            {
                string at = string.Join(", ", arguments.Select(a => a.ToString("R")));
                yield return $"{formula}({at}) of {type.Name()} is {results[i]:R}, wants {wanted:R}: {difference}";
            }
        }
    }

    private static IEnumerable<string> CompareWholes(OpDefinition op, Formula formula, ElementType type)
    {
        int bits = type == ElementType.Bool ? 1 : type.Bits();
        (List<TensorValue?> inputs, Int128[][] axes) = WholeInputs(formula, type);
        TensorValue output = Run(op, inputs, formula.Attributes);
        Int128[] results = Elements.Wholes(output);
        Assert.HasCount(axes.Aggregate(1, (n, axis) => n * axis.Length), results);
        for (int i = 0; i < results.Length; i++)
        {
            Int128[] arguments = ArgumentsAt(i, axes);
            Int128 wanted = Elements.Wholes(Elements.Of(output.Type, [formula.Whole!(arguments, bits)]))[0];
            if (results[i] != wanted)
                yield return $"{formula}({string.Join(", ", arguments)}) of {type.Name()} is {results[i]}, wants {wanted}";
        }
    }

    /// <summary>The inputs, and the values along the axis of each.</summary>
    private static (List<TensorValue?> Inputs, double[] Grid) RealInputs(Formula formula, ElementType type)
    {
        FloatFormat format = FloatFormat.Of(type);
        double[] edges = [format.Greatest, -format.Greatest, format.Least, -3 * format.Least, 1 + format.Epsilon, 1 - format.Epsilon];
        double[] values = formula.Inputs > 2 ? Few : [.. Plain, .. edges];
        double[] grid = Elements.Reals(Elements.Of(type, values, values.Length));
        var inputs = new List<TensorValue?>();
        for (int i = 0; i < formula.Inputs; i++) inputs.Add(Elements.Of(type, grid, Axis(grid.Length, formula.Inputs - i)));
        if (formula.OneWay)
            inputs[0] = Elements.Of(type, [.. grid.SelectMany(v => Enumerable.Repeat(v, grid.Length))], grid.Length, grid.Length);
        inputs.AddRange(formula.Scalars.Select(s => s is { } scalar ? Elements.Of(type, [scalar]) : null));
        return (inputs, grid);
    }

    /// <summary>The inputs, and the values along the axis of each.</summary>
    private static (List<TensorValue?> Inputs, Int128[][] Axes) WholeInputs(Formula formula, ElementType type)
    {
        Int128 high = Int128.One << (type.Bits() - 1);
        Int128[] values = type == ElementType.Bool ? [0, 1]
            : formula.Inputs > 2 ? [0, 1, -1, 7, high, high - 1]
            : [0, 1, -1, 2, -2, 3, -3, 5, -7, 10, 13, 31, 63, 64, 100, -100, high, high - 1, -high + 1, high / 3, (high * 2) - 3];
        Int128[] grid = [.. Elements.Wholes(Elements.Of(type, values, values.Length)).Distinct()];
        Int128[][] axes = [.. Enumerable.Repeat(grid, formula.Inputs)];
        if (formula.Divides) axes[^1] = [.. grid.Where(v => v != 0)];
        var inputs = new List<TensorValue?>();
        for (int i = 0; i < formula.Inputs; i++) inputs.Add(Elements.Of(type, axes[i], Axis(axes[i].Length, formula.Inputs - i)));
        if (formula.OneWay)
            inputs[0] = Elements.Of(type, [.. grid.SelectMany(v => Enumerable.Repeat(v, grid.Length))], grid.Length, grid.Length);
        inputs.AddRange(formula.Scalars.Select(s => s is { } scalar ? Elements.Of(type, [(Int128)scalar]) : null));
        return (inputs, axes);
    }

    /// <summary>[n, 1, ...]: an axis of its own for each input.</summary>
    private static long[] Axis(int length, int rank)
    {
        var dims = new long[rank];
        Array.Fill(dims, 1);
        dims[0] = length;
        return dims;
    }

    private static N[] ArgumentsAt<N>(int index, N[][] axes)
    {
        var arguments = new N[axes.Length];
        for (int i = axes.Length - 1; i >= 0; i--)
        {
            arguments[i] = axes[i][index % axes[i].Length];
            index /= axes[i].Length;
        }

        return arguments;
    }

    private static IEnumerable<ElementType> TypesOf(OpSchema schema)
    {
        OpPort port = schema.Inputs[0];
        IReadOnlyList<ElementType> allowed = schema.Types.FirstOrDefault(t => t.Name == port.Type)?.Allowed ?? [ElementType.Bool];
        return (schema.Name == "Where" ? schema.Types[0].Allowed : allowed)
            .Where(t => t.IsFloat() || t.IsInteger() || t == ElementType.Bool);
    }

    private static TensorValue Run(OpDefinition op, IReadOnlyList<TensorValue?> inputs, Dictionary<string, object> attributes)
    {
        var call = new OpCall(inputs, new AttributeValues(attributes), [true]);
        op.Run!(call);
        return call.Outputs[0]!;
    }
}
