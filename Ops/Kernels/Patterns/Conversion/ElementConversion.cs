using System.Numerics;
using System.Numerics.Tensors;
using Ops.Specs.Types;
using Ops.Threading;

namespace Ops.Kernels;

/// <summary>Converts elements from one type to another, by way of float, double, long or ulong, whichever holds the source
/// exactly.</summary>
/// <remarks>
/// Integers wrap. Floats are truncated to integers; what does not fit becomes the nearest end of the range, or wraps in integers of less
/// than 8 bits; NaN becomes 0. Floats are rounded to nearest, ties to even. Anything but 0 is true.
/// </remarks>
internal static unsafe class ElementConversion
{
    private const int Chunk = 2048;

    /// <summary>Elements of a part: a multiple of what shares a byte.</summary>
    private const long Grain = 16 * Chunk;

    /// <summary>Whether elements of a type can be converted.</summary>
    public static bool Takes(ElementType type) => type.Bits() > 0 && type is not (ElementType.Complex64 or ElementType.Complex128);

    /// <summary>Fills <paramref name="to"/> with the elements of <paramref name="from"/>.</summary>
    /// <param name="op">The op, for messages.</param>
    /// <param name="from">The source.</param>
    /// <param name="to">The destination, of the same dims.</param>
    /// <param name="saturate">Whether what is too large for a float of 8 bits becomes its greatest value.</param>
    /// <param name="roundMode">How numbers become powers of two of float8e8m0: up, down or nearest.</param>
    public static void Run(string op, in Operand from, in Operand to, bool saturate = true, string roundMode = "up")
    {
        if (!Takes(from.Type)) throw KernelErrors.UnsupportedType(op, from.Type);
        if (!Takes(to.Type)) throw KernelErrors.UnsupportedType(op, to.Type);
        if (from.Type == to.Type)
        {
            StridedCopy.Block(from.Data, to.Data, Layout.Bytes(op, from));
            return;
        }

        long count = from.Length;
        if (count == 0) return;
        var body = new Body(from, to, count, saturate, roundMode);
        Workers.Run((int)Math.Max(1, (count + Grain - 1) / Grain), ref body);
    }

    private struct Body(Operand from, Operand to, long count, bool saturate, string roundMode) : IParallelBody
    {
        public readonly void Run(int part)
        {
            ulong* numbers = stackalloc ulong[Chunk];
            byte* unpacked = stackalloc byte[Chunk];
            long end = Math.Min(count, (part + 1) * Grain);
            for (long first = part * Grain; first < end; first += Chunk)
            {
                int length = (int)Math.Min(Chunk, end - first);
                switch (from.Type)
                {
                    case ElementType.Float:
                        Store<float>(new((float*)from.Data + first, length), first, unpacked);
                        break;
                    case ElementType.Double:
                        Store<double>(new((double*)from.Data + first, length), first, unpacked);
                        break;
                    case ElementType.Int64:
                        Store<long>(new((long*)from.Data + first, length), first, unpacked);
                        break;
                    case ElementType.UInt64:
                        Store<ulong>(new((ulong*)from.Data + first, length), first, unpacked);
                        break;
                    case ElementType.Int32: Widen<int>(first, length, numbers, unpacked); break;
                    case ElementType.UInt32: Widen<uint>(first, length, numbers, unpacked); break;
                    case ElementType.Int16: Widen<short>(first, length, numbers, unpacked); break;
                    case ElementType.UInt16: Widen<ushort>(first, length, numbers, unpacked); break;
                    case ElementType.Int8: Widen<sbyte>(first, length, numbers, unpacked); break;
                    case ElementType.UInt8: Widen<byte>(first, length, numbers, unpacked); break;
                    case ElementType.Bool:
                        var truths = (byte*)from.Data + first;
                        for (int i = 0; i < length; i++) ((long*)numbers)[i] = truths[i] != 0 ? 1 : 0;
                        Store<long>(new(numbers, length), first, unpacked);
                        break;
                    case ElementType.Float16:
                        TensorPrimitives.ConvertToSingle(new ReadOnlySpan<Half>((Half*)from.Data + first, length),
                            new Span<float>(numbers, length));
                        Store<float>(new(numbers, length), first, unpacked);
                        break;
                    case ElementType.BFloat16:
                        NarrowNumbers.ToFloat((BFloat16*)from.Data + first, (float*)numbers, length);
                        Store<float>(new(numbers, length), first, unpacked);
                        break;
                    case ElementType.UInt4 or ElementType.Int4 or ElementType.UInt2 or ElementType.Int2:
                        Unpack(first, length, unpacked);
                        int bits = from.Type.Bits(), shift = 8 - bits;
                        bool signed = from.Type is ElementType.Int4 or ElementType.Int2;
                        for (int i = 0; i < length; i++)
                            ((long*)numbers)[i] = signed ? (sbyte)(unpacked[i] << shift) >> shift : unpacked[i];
                        Store<long>(new(numbers, length), first, unpacked);
                        break;
                    default:
                        // Floats of 4 and 8 bits.
                        if (PackedElements.IsPacked(from.Type)) Unpack(first, length, unpacked);
                        byte* codes = PackedElements.IsPacked(from.Type) ? unpacked : (byte*)from.Data + first;
                        for (int i = 0; i < length; i++) ((float*)numbers)[i] = SmallFloatFormat.Decode(from.Type, codes[i]);
                        Store<float>(new(numbers, length), first, unpacked);
                        break;
                }
            }
        }

        private readonly void Unpack(long first, int length, byte* unpacked) =>
            PackedElements.Unpack(new Operand((byte*)from.Data + (first * from.Type.Bits() / 8), from.Type, [length]), unpacked);

        private readonly void Widen<F>(long first, int length, ulong* numbers, byte* unpacked)
            where F : unmanaged, INumberBase<F>
        {
            var longs = new Span<long>(numbers, length);
            TensorPrimitives.ConvertTruncating(new ReadOnlySpan<F>((F*)from.Data + first, length), longs);
            Store<long>(longs, first, unpacked);
        }

        /// <summary>Writes numbers in the type of the destination.</summary>
        private readonly void Store<S>(ReadOnlySpan<S> numbers, long first, byte* unpacked)
            where S : unmanaged, INumber<S>
        {
            switch (to.Type)
            {
                case ElementType.Float: Convert<S, float>(numbers, first); break;
                case ElementType.Double: Convert<S, double>(numbers, first); break;
                case ElementType.Float16: Convert<S, Half>(numbers, first); break;
                case ElementType.Int64: Convert<S, long>(numbers, first); break;
                case ElementType.Int32: Convert<S, int>(numbers, first); break;
                case ElementType.Int8 when typeof(S) == typeof(float): ToInteger(numbers, first, 1, sbyte.MinValue, sbyte.MaxValue); break;
                case ElementType.UInt8 when typeof(S) == typeof(float): ToInteger(numbers, first, 1, byte.MinValue, byte.MaxValue); break;
                case ElementType.Int16 when typeof(S) == typeof(float): ToInteger(numbers, first, 2, short.MinValue, short.MaxValue); break;
                case ElementType.UInt16 when typeof(S) == typeof(float): ToInteger(numbers, first, 2, ushort.MinValue, ushort.MaxValue);
                break;
                case ElementType.Int16: Convert<S, short>(numbers, first); break;
                case ElementType.Int8: Convert<S, sbyte>(numbers, first); break;
                case ElementType.UInt64: Convert<S, ulong>(numbers, first); break;
                case ElementType.UInt32: Convert<S, uint>(numbers, first); break;
                case ElementType.UInt16: Convert<S, ushort>(numbers, first); break;
                case ElementType.UInt8: Convert<S, byte>(numbers, first); break;
                case ElementType.Bool:
                    var truths = (byte*)to.Data + first;
                    for (int i = 0; i < numbers.Length; i++) truths[i] = (byte)(S.IsZero(numbers[i]) ? 0 : 1);
                    break;
                case ElementType.BFloat16 when typeof(S) == typeof(float):
                    fixed (S* source = numbers) NarrowNumbers.ToBFloat16((float*)source, (BFloat16*)to.Data + first, numbers.Length);
                    break;
                case ElementType.BFloat16:
                    var brains = (BFloat16*)to.Data + first;
                    for (int i = 0; i < numbers.Length; i++) brains[i] = (BFloat16)double.CreateTruncating(numbers[i]);
                    break;
                case ElementType.UInt4 or ElementType.Int4 or ElementType.UInt2 or ElementType.Int2:
                    for (int i = 0; i < numbers.Length; i++) unpacked[i] = (byte)ToInt(numbers[i]);
                    Pack(first, numbers.Length, unpacked);
                    break;
                case ElementType.Float8E8M0:
                    var powers = (byte*)to.Data + first;
                    for (int i = 0; i < numbers.Length; i++)
                        powers[i] = SmallFloatFormat.EncodePower(float.CreateTruncating(numbers[i]), saturate, roundMode);
                    break;
                default:
                    bool packed = PackedElements.IsPacked(to.Type);
                    byte* codes = packed ? unpacked : (byte*)to.Data + first;
                    SmallFloatFormat format = SmallFloatFormat.Of(to.Type);
                    for (int i = 0; i < numbers.Length; i++)
                        codes[i] = format.Encode(double.CreateTruncating(numbers[i]), saturate || packed);
                    if (packed) Pack(first, numbers.Length, unpacked);
                    break;
            }
        }

        private readonly void Convert<S, D>(ReadOnlySpan<S> numbers, long first)
            where S : unmanaged, INumber<S>
            where D : unmanaged, INumberBase<D>
        {
            var destination = new Span<D>((D*)to.Data + first, numbers.Length);
            if (typeof(S) == typeof(float) || typeof(S) == typeof(double)) TensorPrimitives.ConvertSaturating(numbers, destination);
            else TensorPrimitives.ConvertTruncating(numbers, destination);
        }

        private readonly void ToInteger<S>(ReadOnlySpan<S> numbers, long first, int width, int low, int high)
            where S : unmanaged
        {
            fixed (S* source = numbers)
                NarrowNumbers.ToInteger((float*)source, (byte*)to.Data + (first * width), width, low, high, numbers.Length);
        }

        private static int ToInt<S>(S number)
            where S : unmanaged, INumber<S> =>
            typeof(S) == typeof(float) || typeof(S) == typeof(double) ? int.CreateSaturating(number) : int.CreateTruncating(number);

        private readonly void Pack(long first, int length, byte* unpacked) =>
            PackedElements.Pack(unpacked, new Operand((byte*)to.Data + (first * to.Type.Bits() / 8), to.Type, [length]));
    }
}
