using System.Runtime.CompilerServices;
using Ops.Graphs;
using Ops.Kernels;
using Ops.Simd;
using Ops.Specs.Modifiers;
using Ops.Specs.Symbolic;
using Ops.Specs.Types;
using Ops.Threading;

namespace Ops.Modifiers;

/// <summary>A caller's activation, or what it makes of a router's logits, as steps over a tile: what the compiler of modifiers makes of it,
/// where each element depends on its own factors only.</summary>
internal sealed unsafe class ExpertProgram<V> : ExpertActivation
    where V : struct, ISimd<V, float>
{
    /// <summary>More steps than this leave the nearest cache.</summary>
    private const int MaxSteps = 64;

    /// <summary>Ops that look at nothing but the elements in one place. What else a graph holds, such as shapes, may mean more than the
    /// expression of an element.</summary>
    private static readonly HashSet<string> Elementwise =
    [
        "Abs", "Add", "And", "Cast", "Ceil", "Celu", "Clip", "Cos", "Div", "Elu", "Equal", "Erf", "Exp", "Floor", "Gelu", "Greater",
        "GreaterOrEqual", "HardSigmoid", "HardSwish",
        "Identity", "LeakyRelu", "Less", "LessOrEqual", "Log", "Max", "Min", "Mish", "Mul", "Neg", "Not", "Or", "Pow", "Reciprocal", "Relu",
        "Round", "Selu", "Sigmoid", "Sign", "Sin",
        "Softplus", "Softsign", "Sqrt", "Sub", "Sum", "SwiGLU", "Swish", "Tanh", "ThresholdedRelu", "Where", "Xor",
    ];

    private static readonly ConditionalWeakTable<Graph, Result> Known = [];

    private readonly List<Step> steps = [];
    private readonly Dictionary<ModifierExpr, int> places = [];
    private readonly List<float> constants = [];
    private readonly ModifierTensor[] inputs;
    private readonly int result;

    private ExpertProgram(ModifierExpr root, ModifierTensor[] inputs)
    {
        this.inputs = inputs;
        result = PlaceOf(root);
        if (steps.Count > MaxSteps)
            throw new ModifierException($"it has {steps.Count} steps, at most {MaxSteps} are fused");
    }

    /// <summary>The program of a graph; null when it runs as a graph of its own.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="type">The type of its values.</param>
    /// <param name="columns">The extent of their last axis.</param>
    public static ExpertProgram<V>? Of(Graph graph, ElementType type, long columns)
    {
        if (Known.TryGetValue(graph, out Result? known) && known.Type == type && known.Columns == columns)
            return known.Program;
        ExpertProgram<V>? program = null;
        try
        {
            program = Compile(graph, type, columns);
        }
        catch (ModifierException)
        {
            // The graph runs as it is; Explain says why.
        }
        Known.AddOrUpdate(graph, new Result(program, type, columns));
        return program;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Run(float* gate, float* up, int count)
    {
        using var scratch = Scratch.Rent((long)(steps.Count + constants.Count) * count * sizeof(float));
        float* slots = (float*)scratch.Data, numbers = slots + (nint)steps.Count * count;
        for (int i = 0; i < constants.Count; i++) new Span<float>(numbers + (nint)i * count, count).Fill(constants[i]);
        for (int i = 0; i < steps.Count; i++)
        {
            Step step = steps[i];
            step.Routine.Run(Lane(Find(step.A)), Lane(Find(step.B)), Lane(Find(step.C)), Lane(slots + (nint)i * count), 1,
                count / (2 * V.Count));
        }
        float* from = Find(result);
        if (from != gate) Unsafe.CopyBlockUnaligned(gate, from, (uint)(count * sizeof(float)));

        static TileLane<float> Lane(float* start) => new(start, 0, 2 * V.Count, V.Count);

        // Inputs are numbered from -1 down, constants from 2^16 up, and steps between.
        float* Find(int place) =>
            place == -1 ? gate : place == -2 ? up : place >= 1 << 16
                ? numbers + (nint)(place - (1 << 16)) * count : slots + (nint)place * count;
    }

    /// <summary>What the graph computes for one element, as text.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="type">The type of its values.</param>
    /// <param name="columns">The extent of their last axis.</param>
    /// <param name="names">What to call its inputs.</param>
    /// <exception cref="ModifierException">It runs as a graph of its own; the message says why.</exception>
    public static string Explain(Graph graph, ElementType type, long columns, params string[] names)
    {
        (ModifierProgram program, ModifierTensor[] inputs) = Analyse(graph, type, columns, names);
        _ = new ExpertProgram<V>(program.Root, inputs);
        return program.Root.ToString();
    }

    private static ExpertProgram<V> Compile(Graph graph, ElementType type, long columns)
    {
        (ModifierProgram program, ModifierTensor[] inputs) = Analyse(graph, type, columns);
        return new ExpertProgram<V>(program.Root, inputs);
    }

    private static (ModifierProgram Program, ModifierTensor[] Inputs) Analyse(Graph graph, ElementType type, long columns,
        params string[] names)
    {
        if (graph.Nodes.FirstOrDefault(n => n.Domain != "ai.onnx" || !Elementwise.Contains(n.Op)) is { } other)
            throw new ModifierException($"{other.Op} looks at more than the elements in one place");
        if (graph.Constants.FirstOrDefault(c => c.Value.Length != 1) is { Value: not null } table)
            throw new ModifierException($"'{table.Key}' is a table");
        if (type is not (ElementType.Float or ElementType.Float16 or ElementType.BFloat16))
            throw new ModifierException($"elements of type {type.Name()}");
        ModifierGraph read = ModifierGraphs.Of(graph);
        Dim[] dims = [1, 1, Dim.Symbol("rows"), columns];
        ModifierTensor[] inputs =
            [.. read.Inputs.Select((name, i) => ModifierTensor.Score(name, type, dims).Labelled(i < names.Length ? names[i] : name))];
        ModifierProgram program = ModifierProgram.Of(read, inputs);
        return TileCompiler.NeedsDouble(program.Root) ? throw new ModifierException("it needs doubles") : (program, inputs);
    }

    private int PlaceOf(ModifierExpr e)
    {
        if (places.TryGetValue(e, out int place))
            return place;
        return places[e] = Make(e);
    }

    private int Make(ModifierExpr e)
    {
        switch (e.Op)
        {
            case ModifierOp.Constant when !e.IsTruth && !e.IsInteger:
                constants.Add((float)e.Real);
                return constants.Count - 1 + (1 << 16);
            case ModifierOp.Read
                when Array.FindIndex(inputs, i => ReferenceEquals(i, e.Source)) is >= 0 and var input: return Rounded(-1 - input, e.Type);
        }
        if (e.IsInteger)
            throw new ModifierException($"{e.Op} of integers is no step of a tile");
        TileOp op = TileOps.Of(e);
        int[] operands = [.. e.Arguments.Select(PlaceOf)];
        steps.Add(new Step(op.Bind<V, float>(), operands[0], operands.Length > 1 ? operands[1] : operands[0],
            operands.Length > 2 ? operands[2] : operands[0]));
        return e.IsTruth ? steps.Count - 1 : Rounded(steps.Count - 1, e.Type);
    }

    /// <summary>A value in the precision of its type, as it would have between the nodes of the graph.</summary>
    private int Rounded(int place, ElementType type)
    {
        TileOp? op = type switch { ElementType.Float16 => TileOps.ToFloat16, ElementType.BFloat16 => TileOps.ToBFloat16, _ => null };
        if (op is null)
            return place;
        steps.Add(new Step(op.Bind<V, float>(), place, place, place));
        return steps.Count - 1;
    }

    private sealed record Result(ExpertProgram<V>? Program, ElementType Type, long Columns);

    /// <summary>A step and where its operands stand.</summary>
    private readonly record struct Step(TileRoutine<V, float> Routine, int A, int B, int C);
}
