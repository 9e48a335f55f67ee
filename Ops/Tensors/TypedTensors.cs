using System.Numerics.Tensors;
using Ops.Kernels;
using Ops.Specs;
using Ops.Specs.Inference;
using Ops.Specs.Symbolic;

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
