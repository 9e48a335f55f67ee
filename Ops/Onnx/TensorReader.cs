using System.Runtime.InteropServices;
using System.Text;
using Google.Protobuf;
using Ops.Graphs;
using Ops.Onnx.Proto;
using Ops.Specs;
using Ops.Specs.Types;
using Ops.Tensors;

namespace Ops.Onnx;

/// <summary>Makes tensors of ONNX's tensor messages. Sizes are compared with the data that is there before memory is taken.</summary>
/// <param name="source">The file, for messages.</param>
/// <param name="folder">Where external data may lie; null when there is no such place.</param>
/// <param name="maxBytes">How many bytes all tensors this reader makes may take.</param>
internal sealed class TensorReader(string source, string? folder, long maxBytes = TensorReader.DefaultMaxBytes)
{
    /// <summary>8 GiB.</summary>
    public const long DefaultMaxBytes = 8L << 30;

    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    private readonly ExternalData external = new(folder);
    private long taken;

    /// <summary>The tensor of a message.</summary>
    public TensorValue Read(TensorProto proto)
    {
        string subject = proto.Name.Length > 0 ? $"{source}: tensor '{proto.Name}'" : $"{source}: tensor";
        try
        {
            return OnnxFile.Guard(subject, () => Make(proto, subject));
        }
        catch (OpException e) when (!e.Subject.StartsWith(source, StringComparison.Ordinal))
        {
            throw ErrorContext.Within(subject, e);
        }
    }

    /// <summary>The element type of a number in a message.</summary>
    public static ElementType TypeOf(int number, string subject) => number is >= 0 and <= (int)ElementType.Int2
        ? (ElementType)number : throw new OpException(subject, "element-type", $"{number} is no element type");

    private TensorValue Make(TensorProto proto, string subject)
    {
        ElementType type = TypeOf(proto.DataType, subject);
        if (type == ElementType.Undefined)
            throw new OpException(subject, "element-type", "it has no element type");
        if (proto.Segment is not null)
            throw new OpException(subject, "segment", "tensors in segments are not supported");
        long[] dims = [.. proto.Dims];
        long count = TensorValue.CountElements(dims);
        long bytes = BytesOf(type, count, subject);
        if (bytes > maxBytes - taken)
            throw new OpException(subject, "memory", $"the tensors of the file take more than the limit of {maxBytes} bytes");

        bool isExternal = proto.DataLocation == TensorProto.Types.DataLocation.External;
        CheckAmount(proto, type, count, bytes, isExternal, subject);
        TensorValue tensor = TensorValue.Allocate(type, dims);
        taken += bytes;
        if (isExternal)
            external.Read(proto, subject, tensor.Bytes);
        else if (proto.RawData.Length > 0)
            proto.RawData.Span.CopyTo(tensor.Bytes);
        else if (count > 0)
            CopyFields(proto, tensor, subject);
        Normalise(tensor);
        return tensor;
    }

    private static long BytesOf(ElementType type, long count, string subject)
    {
        // A string takes at least its reference.
        Int128 bytes = ((Int128)count * (type == ElementType.String ? 64 : type.Bits()) + 7) / 8;
        return bytes <= long.MaxValue
            ? (long)bytes : throw new OpException(subject, "size", $"{count} elements of {type.Name()} have more bytes than fit 64 bits");
    }

    private void CheckAmount(TensorProto proto, ElementType type, long count, long bytes, bool isExternal, string subject)
    {
        int fields = Fields(proto);
        if (isExternal)
        {
            if (type == ElementType.String)
                throw new OpException(subject, "external-data", "strings cannot lie outside the model");
            if (proto.RawData.Length > 0 || fields > 0)
                throw new OpException(subject, "data", "it has data both inside and outside the model");
            ExternalData.CheckLength(proto, subject, bytes);
            if (external.Available(proto, subject) is var available && available < bytes)
                throw new OpException(subject, "external-data",
                    $"{Shape(proto)} of {type.Name()} takes {bytes} bytes, the file has {Math.Max(0, available)} at that offset");
            return;
        }
        if (proto.RawData.Length > 0)
        {
            if (type == ElementType.String)
                throw new OpException(subject, "data", "strings cannot be raw data");
            if (fields > 0)
                throw new OpException(subject, "data", "it has both raw data and typed data");
            if (proto.RawData.Length != bytes)
                throw new OpException(subject, "data",
                    $"{Shape(proto)} of {type.Name()} takes {bytes} bytes, there are {proto.RawData.Length}");
            return;
        }
        long wanted = Entries(type, count), there = EntriesThere(proto, type);
        if (wanted != there)
            throw new OpException(subject, "data", $"{Shape(proto)} of {type.Name()} takes {wanted} entries, there are {there}");
        if (fields != there)
            throw new OpException(subject, "data", $"it has data of another type than {type.Name()}");
    }

    private static string Shape(TensorProto proto) => $"[{string.Join(", ", proto.Dims)}]";

    private static int Fields(TensorProto proto) =>
        proto.FloatData.Count + proto.DoubleData.Count + proto.Int32Data.Count + proto.Int64Data.Count
        + proto.Uint64Data.Count + proto.StringData.Count;

    /// <summary>How many entries of its typed field a tensor takes: complex numbers take two, elements below 8 bits share one.</summary>
    private static long Entries(ElementType type, long count) => type switch
    {
        ElementType.Complex64 or ElementType.Complex128 => count * 2,
        _ when type.Bits() is 4 or 2 => count / (8 / type.Bits()) + (count % (8 / type.Bits()) == 0 ? 0 : 1),
        _ => count,
    };

    private static int EntriesThere(TensorProto proto, ElementType type) => type switch
    {
        ElementType.Float or ElementType.Complex64 => proto.FloatData.Count,
        ElementType.Double or ElementType.Complex128 => proto.DoubleData.Count,
        ElementType.Int64 => proto.Int64Data.Count,
        ElementType.UInt32 or ElementType.UInt64 => proto.Uint64Data.Count,
        ElementType.String => proto.StringData.Count,
        _ => proto.Int32Data.Count,
    };

    private static void CopyFields(TensorProto proto, TensorValue tensor, string subject)
    {
        switch (tensor.Type)
        {
            case ElementType.Float or ElementType.Complex64:
                Fill(proto.FloatData, tensor);
                break;
            case ElementType.Double or ElementType.Complex128:
                Fill(proto.DoubleData, tensor);
                break;
            case ElementType.Int64:
                Fill(proto.Int64Data, tensor);
                break;
            case ElementType.UInt64:
                Fill(proto.Uint64Data, tensor);
                break;
            case ElementType.UInt32:
                Span<uint> numbers = MemoryMarshal.Cast<byte, uint>(tensor.Bytes);
                for (int i = 0; i < numbers.Length; i++)
                    numbers[i] = proto.Uint64Data[i] <= uint.MaxValue
                        ? (uint)proto.Uint64Data[i] : throw OutOfRange(tensor.Type, proto.Uint64Data[i].ToString(), subject);
                break;
            case ElementType.Int32:
                Fill(proto.Int32Data, tensor);
                break;
            case ElementType.String:
                for (int i = 0; i < tensor.Strings!.Length; i++)
                    tensor.Strings[i] = Text(proto.StringData[i], subject);
                break;
            default:
                FillSmall(proto.Int32Data, tensor, subject);
                break;
        }
    }

    private static void Fill<T>(IList<T> items, TensorValue tensor) where T : unmanaged
    {
        Span<T> target = MemoryMarshal.Cast<byte, T>(tensor.Bytes);
        for (int i = 0; i < target.Length; i++)
            target[i] = items[i];
    }

    /// <summary>Elements of 16 bits or fewer lie in 32-bit entries; signed or not, an entry must fit the element's bits.</summary>
    private static void FillSmall(IList<int> items, TensorValue tensor, string subject)
    {
        Span<byte> bytes = tensor.Bytes;
        if (tensor.Type == ElementType.Bool)
        {
            for (int i = 0; i < bytes.Length; i++)
                bytes[i] = items[i] != 0 ? (byte)1 : (byte)0;
            return;
        }
        if (tensor.Type.Bits() == 16)
        {
            (int least, int greatest) = Limits(tensor.Type, short.MinValue, short.MaxValue, ushort.MaxValue);
            Span<ushort> target = MemoryMarshal.Cast<byte, ushort>(bytes);
            for (int i = 0; i < target.Length; i++)
                target[i] = items[i] >= least && items[i] <= greatest
                    ? (ushort)items[i] : throw OutOfRange(tensor.Type, items[i].ToString(), subject);
            return;
        }
        (int low, int high) = Limits(tensor.Type, sbyte.MinValue, sbyte.MaxValue, byte.MaxValue);
        for (int i = 0; i < bytes.Length; i++)
            bytes[i] = items[i] >= low && items[i] <= high ? (byte)items[i] : throw OutOfRange(tensor.Type, items[i].ToString(), subject);
    }

    /// <summary>Integers keep to their range; for the others an entry is a bit pattern, which some writers extend by its sign.</summary>
    private static (int Least, int Greatest) Limits(ElementType type, int signedLeast, int signedGreatest,
        int unsignedGreatest) => type switch
    {
        ElementType.Int8 or ElementType.Int16 => (signedLeast, signedGreatest),
        ElementType.UInt8 or ElementType.UInt16 => (0, unsignedGreatest),
        _ => (signedLeast, unsignedGreatest),
    };

    private static OpException OutOfRange(ElementType type, string value, string subject) =>
        new(subject, "data", $"{value} is outside {type.Name()}");

    private static string Text(ByteString bytes, string subject)
    {
        try
        {
            return StrictUtf8.GetString(bytes.Span);
        }
        catch (DecoderFallbackException e)
        {
            throw new OpException(subject, "text", "a string is not UTF-8", inner: e);
        }
    }

    /// <summary>Truth values become 0 or 1, and the unused bits of the last byte 0: kernels and comparisons count on both.</summary>
    private static void Normalise(TensorValue tensor)
    {
        Span<byte> bytes = tensor.Bytes;
        if (tensor.Type == ElementType.Bool)
        {
            foreach (ref byte item in bytes)
                item = item != 0 ? (byte)1 : (byte)0;
        }
        else if (tensor.Type.Bits() is 2 or 4 && tensor.Length * tensor.Type.Bits() % 8 is var used and > 0)
        {
            bytes[^1] &= (byte)((1 << (int)used) - 1);
        }
    }
}
