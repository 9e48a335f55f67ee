using Ops.Graphs;
using Ops.Modifiers;
using Ops.Simd;
using Ops.Specs.Types;
using Ops.Tensors;
using Ops.Threading;

namespace Ops.Kernels;

/// <summary>A call of a mixture of experts.</summary>
internal sealed unsafe class ExpertMixture
{
    /// <summary>The bytes of packed rows and hidden values that are worked on at once.</summary>
    private const long MaxRowBytes = 256 << 20;

    /// <summary>The rows of a block of integers, whose tiles have one row each.</summary>
    private const int IntegerRows = 10;

    private Operand X { get; init; }

    private Operand Logits { get; init; }

    private Operand WeightsIn { get; init; }

    private Operand WeightsOut { get; init; }

    private Operand BiasIn { get; init; }

    private Operand BiasOut { get; init; }

    private ExpertRouter Router { get; init; }

    /// <summary>The name of the activation.</summary>
    private string Activation { get; init; } = "";

    private double Alpha { get; init; }

    private double Limit { get; init; }

    /// <summary>Replaces the activation; null for nothing.</summary>
    private GraphAttribute? ActivationGraph { get; init; }

    /// <summary>Whether rows may be rounded to 8-bit integers for products with quantised weights.</summary>
    public bool MayQuantizeRows { get; set; }

    /// <summary>The columns of the first weights.</summary>
    private GroupedColumns Columns { get; init; }

    private Operand Y { get; init; }

    /// <summary>int64[M, k], or absent.</summary>
    private Operand Indices { get; init; }

    /// <summary>float[M, k], or absent.</summary>
    private Operand Shares { get; init; }

    private int Experts => Router.Experts;

    private int Chosen => Router.Chosen;

    private int Hidden => Columns.Columns;

    /// <summary>A call.</summary>
    /// <remarks>The weights are T[G, H, F * I] and T[G, I, H], or quantised; what is not given is absent.</remarks>
    public static ExpertMixture Of<A>(in A args, in Operand x, in Operand logits, in Operand weightsIn, in Operand weightsOut,
        in Operand biasIn, in Operand biasOut, in Operand selectionBias, in Operand y, in Operand indices, in Operand shares)
        where A : struct, IExpertArgs => new()
        {
            X = x,
            Logits = logits,
            WeightsIn = weightsIn,
            WeightsOut = weightsOut,
            BiasIn = biasIn,
            BiasOut = biasOut,
            Router = new ExpertRouter
            {
                Experts = (int)args.G,
                Chosen = (int)args.k,
                Scoring = ExpertRouter.ScoringOf(args.scoring),
                Normalize = args.normalize,
                Scale = (float)args.routed_scale,
                Groups = (int)args.num_groups,
                TopGroups = (int)args.top_groups,
                BestOfGroup = (int)args.best,
                Bias = (float*)selectionBias.Data,
                Graph = args.router_mod,
            },
            Activation = args.activation,
            Alpha = args.activation_alpha,
            Limit = args.activation_limit,
            ActivationGraph = args.activation_mod,
            Columns = ColumnsOf(args),
            Y = y,
            Indices = indices,
            Shares = shares,
        };

    /// <summary>The columns of a call's first weights.</summary>
    public static GroupedColumns ColumnsOf<A>(in A args)
        where A : struct, IExpertArgs => new(checked((int)args.I), (int)args.F, args.F == 2 && args.glu_layout == "interleaved");

    /// <summary>Runs the call.</summary>
    public void Run<T>()
        where T : unmanaged
    {
        long tokens = X.Dims[0];
        if (tokens == 0) return;
        int count = checked((int)(tokens * Chosen));
        using PackingBuffer buffer =
            PackingBuffer.Rent((nint)count * (sizeof(long) + sizeof(float)) + (nint)tokens * Experts * sizeof(float));
        long* indices = Indices.IsAbsent ? (long*)buffer.Data : (long*)Indices.Data;
        float* logits = (float*)((long*)buffer.Data + count), shares = Shares.IsAbsent ? logits + tokens * Experts : (float*)Shares.Data;
        ElementConversion.Run("MoE", Logits, new Operand(logits, ElementType.Float, Logits.Dims));
        Router.Run((int)tokens, logits, indices, shares);
        if (Y.Length == 0) return;
        PackedOperand? packedIn = WeightsIn.Packed, packedOut = WeightsOut.Packed;
        switch (packedIn?.Level ?? packedOut?.Level ?? Isa.Level)
        {
            case IsaLevel.Bits512: Multiply<Simd512<float>, Simd512<uint>, T>(indices, shares); break;
            case IsaLevel.Bits256: Multiply<Simd256<float>, Simd256<uint>, T>(indices, shares); break;
            case IsaLevel.Bits128: Multiply<Simd128<float>, Simd128<uint>, T>(indices, shares); break;
            default: Multiply<Simd1<float>, Simd1<uint>, T>(indices, shares); break;
        }
        GC.KeepAlive(packedIn);
        GC.KeepAlive(packedOut);
    }

    private void Multiply<V, U, T>(long* indices, float* shares)
        where V : struct, ISimd<V, float>
        where U : struct, ISimd<U, uint>
        where T : unmanaged
    {
        int depth = checked((int)X.Dims[1]);
        if (WeightsIn.Packed is QuantizedExperts quantisedIn && WeightsOut.Packed is QuantizedExperts quantisedOut)
        {
            if (MayQuantizeRows && int.Max(quantisedIn.Source.BlockSize, quantisedOut.Source.BlockSize) <= IntegerEngine<V>.MaxBlock
                && ActivationOf<V>() is { } activation)
                MultiplyIntegers<V, T>(activation, quantisedIn.Source, quantisedOut.Source, indices, shares);
            else
                Multiply<V, T, QuantizedEngine<V, U>, QuantizedEngine<V, U>>(new(null, quantisedIn.Source), new(null, quantisedOut.Source),
                    indices, shares);
        }
        else if (WeightsIn.Packed is PackedExperts packed)
        {
            Multiply<V, T, FloatEngine<V, PackedColumns>>(new(null, depth, packed.Source), indices, shares);
        }
        else
        {
            Multiply<V, T, FloatEngine<V, StoredColumns<V, T>>>(new(null, depth, new((T*)WeightsIn.Data, Columns, depth)), indices, shares);
        }
    }

    private void Multiply<V, T, I>(I engine, long* indices, float* shares)
        where V : struct, ISimd<V, float>
        where T : unmanaged
        where I : struct, IFloatEngine<I>
    {
        if (WeightsOut.Packed is PackedExperts packed)
        {
            Multiply<V, T, I, FloatEngine<V, PackedColumns>>(engine, new(null, Hidden, packed.Source), indices, shares);
        }
        else
        {
            var columns = new GroupedColumns(checked((int)X.Dims[1]), 1, false);
            Multiply<V, T, I, FloatEngine<V, StoredColumns<V, T>>>(engine, new(null, Hidden, new((T*)WeightsOut.Data, columns, Hidden)),
                indices, shares);
        }
    }

    private void Multiply<V, T, I, O>(I engineIn, O engineOut, long* indices, float* shares)
        where V : struct, ISimd<V, float>
        where T : unmanaged
        where I : struct, IFloatEngine<I>
        where O : struct, IFloatEngine<O>
    {
        int depth = checked((int)X.Dims[1]), width = GroupedContraction<V>.Width;
        long tokens = X.Dims[0];
        ExpertActivation? activation = ActivationOf<V>();
        // A graph may look at all rows at once.
        int chunk = activation is null
            ? (int)tokens : (int)long.Clamp(MaxRowBytes / sizeof(float) / long.Max(1, (long)Chosen * (depth + Hidden)), 1, tokens);
        for (long first = 0; first < tokens; first += chunk)
        {
            int some = (int)long.Min(chunk, tokens - first), rows = some * Chosen;
            int threads = GroupedContraction<V>.Threads(rows, depth, (double)Hidden * (Columns.Factors + 1));
            using PackingBuffer buffer =
                PackingBuffer.Rent(RowGroups.Bytes(Experts, rows) + ((nint)rows * depth + (nint)rows * Hidden) * sizeof(float));
            float* packed = (float*)buffer.Data, hidden = packed + (nint)rows * depth;
            var sorted = RowGroups.Sort(Experts, indices + first * Chosen, rows, GroupedContraction<V>.MaxRows,
                GroupedContraction<V>.BlockRows(int.Max(depth, Hidden)), hidden + (nint)rows * Hidden);
            GroupedContraction<V>.PackRows(sorted, (T*)X.Data + first * depth, Chosen, depth, packed, threads);
            I engine = engineIn.On(packed);
            T* bias = BiasIn.IsAbsent ? null : (T*)BiasIn.Data;
            if (activation is not null)
                GroupedContraction<V>.Run(sorted, Columns.Panels(width), Columns.Factors, engine,
                    new ActivationSink<V, T>(Columns, bias, activation, hidden), threads);
            else
                ActivateByGraph<V, T, I>(sorted, engine, bias, hidden, threads);
            Combine<V, T, O>(sorted, engineOut.On(hidden), some, shares + first * Chosen, (T*)Y.Data + first * depth, threads);
        }
    }

    /// <summary>What happens between the products; null for a graph that can only run as it is.</summary>
    private ExpertActivation? ActivationOf<V>()
        where V : struct, ISimd<V, float> =>
        ActivationGraph is { Graph: var graph }
            ? ExpertProgram<V>.Of(graph, X.Type, Hidden) : ExpertActivation.Of<V>(Activation, Alpha, Limit);

    /// <summary>Both products in integers.</summary>
    private void MultiplyIntegers<V, T>(ExpertActivation activation, QuantizedPanels weightsIn, QuantizedPanels weightsOut, long* indices,
        float* shares)
        where V : struct, ISimd<V, float>
        where T : unmanaged
    {
        int depth = checked((int)X.Dims[1]), width = GroupedContraction<V>.Width;
        long tokens = X.Dims[0];
        int chunk = (int)long.Clamp(MaxRowBytes / sizeof(float) / long.Max(1, (long)Chosen * (depth + Hidden)), 1, tokens);
        for (long first = 0; first < tokens; first += chunk)
        {
            int some = (int)long.Min(chunk, tokens - first), rows = some * Chosen;
            int threads = GroupedContraction<V>.Threads(rows, depth, (double)Hidden * (Columns.Factors + 1));
            nint narrow = nint.Max(QuantizedRows.Bytes(rows, depth, weightsIn.BlockSize),
                QuantizedRows.Bytes(rows, Hidden, weightsOut.BlockSize));
            using PackingBuffer buffer =
                PackingBuffer.Rent(RowGroups.Bytes(Experts, rows) + (nint)rows * Hidden * sizeof(float) + narrow + 64);
            byte* integers = (byte*)buffer.Data;
            float* hidden = (float*)(integers + narrow);
            // Panels of one row: the values between the products then stand row by row.
            var sorted = RowGroups.Sort(Experts, indices + first * Chosen, rows, 1, IntegerRows,
                (void*)(((nint)(hidden + (nint)rows * Hidden) + 63) & ~(nint)63));
            QuantizedRows x = QuantizedRows.Of<V, T>((T*)X.Data + first * depth, sorted.Picks, Chosen, rows, depth, weightsIn.BlockSize,
                integers, threads);
            var activated = new ActivationSink<V, T>(Columns, BiasIn.IsAbsent ? null : (T*)BiasIn.Data, activation, hidden);
            GroupedContraction<V>.Run(
                sorted, Columns.Panels(width), Columns.Factors, new IntegerEngine<V>(x, weightsIn), activated, threads);
            QuantizedRows h = QuantizedRows.Of<V, float>(hidden, null, 1, rows, Hidden, weightsOut.BlockSize, integers, threads);
            Combine<V, T, IntegerEngine<V>>(sorted, new IntegerEngine<V>(h, weightsOut), some, shares + first * Chosen,
                (T*)Y.Data + first * depth, threads);
        }
    }

    /// <summary>The first product as tensors, on which the caller's graph runs.</summary>
    private void ActivateByGraph<V, T, E>(in RowGroups sorted, in E engine, T* bias, float* hidden, int threads)
        where V : struct, ISimd<V, float>
        where T : unmanaged
        where E : struct, ITileEngine
    {
        var factors = new TensorValue[Columns.Factors];
        for (int i = 0; i < factors.Length; i++) factors[i] = TensorValue.Allocate(X.Type, [sorted.Rows, Hidden]);
        var sink = new FactorSink<V, T>(sorted.Picks, Columns, bias, (T*)factors[0].Pointer, (T*)factors[^1].Pointer);
        GroupedContraction<V>.Run(sorted, Columns.Panels(GroupedContraction<V>.Width), Columns.Factors, engine, sink, threads);
        TensorValue activated = GraphFunction.Run(ActivationGraph!, factors);
        GroupedContraction<V>.PackRows(sorted, (T*)activated.Pointer, 1, Hidden, hidden, threads);
        GC.KeepAlive(factors);
        GC.KeepAlive(activated);
    }

    /// <summary>The second product, added up over the experts of each token.</summary>
    private void Combine<V, T, E>(in RowGroups sorted, in E engine, int tokens, float* shares, T* y, int threads)
        where V : struct, ISimd<V, float>
        where T : unmanaged
        where E : struct, ITileEngine
    {
        int columns = checked((int)X.Dims[1]), width = GroupedContraction<V>.Width, panels = (columns + width - 1) / width;
        bool plain = typeof(T) == typeof(float);
        using PackingBuffer buffer = PackingBuffer.Rent(plain ? 0 : (nint)tokens * columns * sizeof(float));
        float* sums = plain ? (float*)y : (float*)buffer.Data;
        var sink = new CombineSink<V, T>(sorted.Picks, Chosen, shares, columns, BiasOut.IsAbsent ? null : (T*)BiasOut.Data, sums);
        int parts = threads == 1 ? 1 : int.Min((panels + MicroKernel.WidePanels - 1) / MicroKernel.WidePanels, 4 * threads);
        var body = new Columnwise<V, T, E>(sorted, engine, sink, tokens, columns, panels, parts, sums, plain ? null : y);
        if (threads > 1) Workers.Run(parts, ref body);
        else body.Run(0);
    }

    /// <summary>Some columns of the result for all tokens: the experts add to them in ascending order, whichever thread has the
    /// columns.</summary>
    private readonly struct Columnwise<V, T, E>(RowGroups sorted, E engine, CombineSink<V, T> sink, int tokens, int columns, int panels,
        int parts, float* sums, T* y)
        : IParallelBody
        where V : struct, ISimd<V, float>
        where T : unmanaged
        where E : struct, ITileEngine
    {
        public void Run(int part)
        {
            int width = GroupedContraction<V>.Width, from = Begin(part), to = Begin(part + 1);
            int first = from * width, count = int.Min(to * width, columns) - first;
            if (count <= 0) return;
            for (int token = 0; token < tokens; token++) new Span<float>(sums + (nint)token * columns + first, count).Clear();
            GroupedContraction<V>.Ascending(sorted, from, to, engine, sink);
            if (y == null) return;
            for (int token = 0; token < tokens; token++)
            {
                float* source = sums + (nint)token * columns + first;
                T* destination = y + (nint)token * columns + first;
                for (int i = 0; i < count; i += V.Count)
                    Elements<V, T, float>.StorePartial(Elements<V, float, float>.LoadPartial(source + i,
                        count - i), destination + i, count - i);
            }
        }

        private int Begin(int part) =>
            part == parts ? panels : (int)((long)panels * part / parts) / MicroKernel.WidePanels * MicroKernel.WidePanels;
    }
}
