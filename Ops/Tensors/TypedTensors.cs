using System.Numerics.Tensors;
using Ops.Kernels;
using Ops.Schemas;
using Ops.Specs;
using Ops.Specs.Inference;
using Ops.Specs.Symbolic;
using Ops.Specs.Types;

namespace Ops.Tensors;

/// <summary>What the typed methods of ops need of System.Numerics.Tensors. The pointers are pinned by the caller.</summary>
public static unsafe class TypedTensors
{
    /// <summary>Whether an optional operand was given: the default span, which has no axes and no elements, was not.</summary>
    public static bool IsGiven<T>(in ReadOnlyTensorSpan<T> span) => span.Rank != 0 || span.FlattenedLength != 0;

    /// <summary>Whether an optional operand was given: the default span, which has no axes and no elements, was not.</summary>
    public static bool IsGiven<T>(in TensorSpan<T> span) => span.Rank != 0 || span.FlattenedLength != 0;

    /// <summary>The span itself when its elements lie one after another, else a dense copy.</summary>
    public static ReadOnlyTensorSpan<T> Dense<T>(in ReadOnlyTensorSpan<T> span)
    {
        if (!IsGiven(span) || IsContiguous(span.Lengths, span.Strides))
            return span;
        Tensor<T> copy = Tensor.CreateFromShapeUninitialized<T>(span.Lengths);
        span.CopyTo(copy);
        return copy;
    }

    /// <summary>A dense span as inference sees it, with its data; null when it was not given.</summary>
    public static TensorType? TypeOf<T>(in ReadOnlyTensorSpan<T> span, T* data) where T : unmanaged
    {
        return IsGiven(span) ? TypeOf(Operand(span, data)) : null;
    }

    /// <summary>What <see cref="TypeOf"/> is for a port without axes: one element on one axis stands for a scalar.</summary>
    public static TensorType? ScalarTypeOf<T>(in ReadOnlyTensorSpan<T> span, T* data) where T : unmanaged =>
        IsGiven(span) ? TypeOf(Scalar(span, data)) : null;

    /// <summary>What <see cref="Operand{T}(in ReadOnlyTensorSpan{T}, T*)"/> is for a port without axes.</summary>
    public static Operand Scalar<T>(in ReadOnlyTensorSpan<T> span, T* data) where T : unmanaged =>
        IsOne(span.Lengths) ? new Operand(data, ClrTypes.ElementTypeOf<T>(), []) : Operand(span, data);

    /// <summary>A dense span as kernels see it.</summary>
    public static Operand Operand<T>(in ReadOnlyTensorSpan<T> span, T* data) where T : unmanaged =>
        IsGiven(span) ? Operand(span.Lengths, data) : Kernels.Operand.Absent;

    /// <summary>A dense span as kernels see it.</summary>
    public static Operand Operand<T>(in TensorSpan<T> span, T* data) where T : unmanaged =>
        IsGiven(span) ? Operand(span.Lengths, data) : Kernels.Operand.Absent;

    /// <summary>Dense memory as kernels see it.</summary>
    public static Operand Operand<T>(ReadOnlySpan<nint> lengths, T* data) where T : unmanaged
    {
        var dims = new long[lengths.Length];
        for (int i = 0; i < dims.Length; i++)
            dims[i] = lengths[i];
        return new Operand(data, ClrTypes.ElementTypeOf<T>(), dims);
    }

    /// <summary>A tensor for an output whose type and shape are known; a scalar gets one axis.</summary>
    /// <exception cref="OpException">The output has another element type.</exception>
    public static Tensor<T> Allocate<T>(string op, string port, TensorType? type) where T : unmanaged
    {
        long[] dims = KnownDims(op, port, type);
        RequireType<T>(op, port, type!);
        TensorValue.CountElements(dims);
        return Tensor.CreateFromShapeUninitialized<T>(dims.Length == 0 ? [1] : Array.ConvertAll(dims, d => (nint)d));
    }

    /// <summary>Refuses a given output that is not dense or has another type or shape than the op's.</summary>
    /// <exception cref="OpException">It does not fit.</exception>
    public static void RequireFits<T>(string op, string port, in TensorSpan<T> span, TensorType? type) where T : unmanaged
    {
        if (type is null)
            return;
        long[] dims = KnownDims(op, port, type);
        RequireType<T>(op, port, type);
        bool same = dims.Length == span.Rank || (dims.Length == 0 && IsOne(span.Lengths));
        for (int i = 0; same && i < dims.Length; i++)
            same = dims[i] == span.Lengths[i];
        if (!same)
            throw new OpException(op, $"{port}-shape",
                $"{port} is [{string.Join(", ", span.Lengths.ToArray())}], wants [{string.Join(", ", dims)}]");
        if (!IsContiguous(span.Lengths, span.Strides))
            throw new OpException(op, $"{port}-dense",
                $"{port} has gaps (strides [{string.Join(", ", span.Strides.ToArray())}]); an output must be dense");
    }

    /// <summary>Refuses outputs that lie over an input, or over each other, unless the op may work in place there.</summary>
    /// <param name="schema">The op.</param>
    /// <param name="inputs">The inputs in the schema's order.</param>
    /// <param name="outputs">The outputs in the schema's order.</param>
    /// <param name="aliases">
    /// For each output the input whose memory it may be, -1 for none, or <see cref="OpCall.AnyInput"/>; trailing ones may be left out.
    /// </param>
    /// <exception cref="OpException">Two operands overlap.</exception>
    public static void RequireApart(
        OpSchema schema, ReadOnlySpan<Operand> inputs, ReadOnlySpan<Operand> outputs, params ReadOnlySpan<int> aliases)
    {
        for (int i = 0; i < outputs.Length; i++)
        {
            int alias = i < aliases.Length ? aliases[i] : -1;
            for (int j = 0; j < inputs.Length; j++)
                if (Overlap(outputs[i], inputs[j]) && !((alias == OpCall.AnyInput || alias == j) && AreSame(outputs[i], inputs[j])))
                    throw Overlaps(schema, i, schema.Inputs[Math.Min(j, schema.Inputs.Count - 1)].Name);
            for (int j = 0; j < i; j++)
                if (Overlap(outputs[i], outputs[j]))
                    throw Overlaps(schema, i, schema.Outputs[j].Name);
        }
    }

    private static OpException Overlaps(OpSchema schema, int output, string other) =>
        new(schema.Name, $"{schema.Outputs[output].Name}-overlap",
            $"{schema.Outputs[output].Name} lies over {other}, which the op would read or write at the same time; give it memory of its own");

    private static bool Overlap(in Operand a, in Operand b) =>
        !a.IsAbsent && !b.IsAbsent && a.Data < (byte*)b.Data + Bytes(b) && b.Data < (byte*)a.Data + Bytes(a);

    private static bool AreSame(in Operand a, in Operand b) => a.Data == b.Data && a.Type == b.Type && a.Length == b.Length;

    private static long Bytes(in Operand operand) => (operand.Length * operand.Type.Bits() + 7) / 8;

    /// <summary>The dims of an output of a validated call.</summary>
    internal static long[] KnownDims(string op, string port, TensorType? type)
    {
        if (type is null || !type.Shape.IsKnown)
            throw new OpException(op, $"{port}-shape", $"the shape of {port} is not known before running");
        foreach (Dim dim in type.Shape.Items)
            if (!dim.IsKnown)
                throw new OpException(op, $"{port}-shape", $"the shape {type.Shape} of {port} is not known before running");
        return Values.Longs(type.Shape);
    }

    private static void RequireType<T>(string op, string port, TensorType type)
    {
        if (type.Element != ClrTypes.ElementTypeOf<T>())
            throw new OpException(op, $"{port}-type",
                $"{port} is {Specs.Types.ElementTypes.Name(type.Element)}, asked for as {typeof(T).Name}");
    }

    private static TensorType TypeOf(in Operand operand) =>
        new(operand.Type, Seq.Of(Array.ConvertAll(operand.Dims, d => (Dim)d)), OperandData.Of(operand));

    /// <summary>Whether this is the shape that stands for a scalar: a tensor of System.Numerics.Tensors has at least one axis.</summary>
    private static bool IsOne(ReadOnlySpan<nint> lengths) => lengths.Length == 1 && lengths[0] == 1;

    private static bool IsContiguous(ReadOnlySpan<nint> lengths, ReadOnlySpan<nint> strides)
    {
        nint expected = 1;
        for (int i = lengths.Length - 1; i >= 0; i--)
        {
            if (lengths[i] == 0)
                return true;
            if (lengths[i] != 1 && strides[i] != expected)
                return false;
            expected *= lengths[i];
        }
        return true;
    }
}
