using System.Numerics;
using Ops.Specs.Types;
using Ops.Tensors;

namespace Ops.Tests.Operators;

/// <summary>Tensors of any element type from and to numbers wide enough for all of them.</summary>
internal static class Elements
{
    internal static TensorValue Of(ElementType type, IReadOnlyList<double> values, params long[] dims) => type switch
    {
        ElementType.Float => Fill(type, values, v => (float)v, dims),
        ElementType.Double => Fill(type, values, v => v, dims),
        ElementType.Float16 => Fill(type, values, v => (Half)v, dims),
        ElementType.BFloat16 => Fill(type, values, v => (BFloat16)(float)v, dims),
        _ => Of(type, [.. values.Select(v => (Int128)v)], dims),
    };

    /// <summary>Numbers that do not fit the type wrap.</summary>
    internal static TensorValue Of(ElementType type, IReadOnlyList<Int128> values, params long[] dims) => type switch
    {
        ElementType.UInt8 => Wrap<byte>(type, values, dims),
        ElementType.Int8 => Wrap<sbyte>(type, values, dims),
        ElementType.UInt16 => Wrap<ushort>(type, values, dims),
        ElementType.Int16 => Wrap<short>(type, values, dims),
        ElementType.UInt32 => Wrap<uint>(type, values, dims),
        ElementType.Int32 => Wrap<int>(type, values, dims),
        ElementType.UInt64 => Wrap<ulong>(type, values, dims),
        ElementType.Int64 => Wrap<long>(type, values, dims),
        ElementType.Bool => Fill(type, values, v => v != 0, dims),
        _ => throw new NotSupportedException(type.Name()),
    };

    internal static double[] Reals(TensorValue tensor) => tensor.Type switch
    {
        ElementType.Float => [.. tensor.Span<float>().ToArray().Select(v => (double)v)],
        ElementType.Double => tensor.Span<double>().ToArray(),
        ElementType.Float16 => [.. tensor.Span<Half>().ToArray().Select(v => (double)v)],
        ElementType.BFloat16 => [.. tensor.Span<BFloat16>().ToArray().Select(v => (double)(float)v)],
        _ => [.. Wholes(tensor).Select(v => (double)v)],
    };

    internal static Int128[] Wholes(TensorValue tensor) => tensor.Type switch
    {
        ElementType.UInt8 => Widen<byte>(tensor),
        ElementType.Int8 => Widen<sbyte>(tensor),
        ElementType.UInt16 => Widen<ushort>(tensor),
        ElementType.Int16 => Widen<short>(tensor),
        ElementType.UInt32 => Widen<uint>(tensor),
        ElementType.Int32 => Widen<int>(tensor),
        ElementType.UInt64 => Widen<ulong>(tensor),
        ElementType.Int64 => Widen<long>(tensor),
        ElementType.Bool => [.. tensor.Span<bool>().ToArray().Select(v => (Int128)(v ? 1 : 0))],
        _ => throw new NotSupportedException(tensor.Type.Name()),
    };

    private static Int128[] Widen<T>(TensorValue tensor) where T : unmanaged, IBinaryInteger<T> =>
        [.. tensor.Span<T>().ToArray().Select(Int128.CreateChecked)];

    private static TensorValue Wrap<T>(ElementType type, IReadOnlyList<Int128> values, long[] dims)
        where T : unmanaged, IBinaryInteger<T> =>
        Fill(type, values, T.CreateTruncating, dims);

    private static TensorValue Fill<F, T>(ElementType type, IReadOnlyList<F> values, Func<F, T> convert, long[] dims)
        where T : unmanaged
    {
        var tensor = TensorValue.Allocate(type, dims);
        Assert.AreEqual(tensor.Length, values.Count);
        for (int i = 0; i < values.Count; i++) tensor.Span<T>()[i] = convert(values[i]);
        return tensor;
    }
}
