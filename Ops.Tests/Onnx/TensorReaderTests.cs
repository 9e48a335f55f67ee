using System.Numerics;
using Google.Protobuf;
using Ops.Onnx;
using Ops.Onnx.Proto;
using Ops.Specs;
using Ops.Specs.Types;
using Ops.Tensors;

namespace Ops.Tests.Onnx;

[TestClass]
public class TensorReaderTests
{
    [TestMethod]
    public void ReadsFloats() =>
        CollectionAssert.AreEqual(new[] { 1.5f, -2, float.NaN },
            Read(new TensorProto { DataType = 1, Dims = { 3 }, FloatData = { 1.5f, -2, float.NaN } }).Span<float>().ToArray());

    [TestMethod]
    public void ReadsDoubles() =>
        CollectionAssert.AreEqual(new[] { 1e300, -0.5 },
            Read(new TensorProto { DataType = 11, Dims = { 2 }, DoubleData = { 1e300, -0.5 } }).Span<double>().ToArray());

    [TestMethod]
    public void ReadsInt64() =>
        CollectionAssert.AreEqual(new[] { long.MinValue, 7 },
            Read(new TensorProto { DataType = 7, Dims = { 2 }, Int64Data = { long.MinValue, 7 } }).Span<long>().ToArray());

    [TestMethod]
    public void ReadsUInt64() =>
        Assert.AreEqual(ulong.MaxValue, Read(new TensorProto { DataType = 13, Uint64Data = { ulong.MaxValue } }).Span<ulong>()[0]);

    [TestMethod]
    public void ReadsUInt32() =>
        Assert.AreEqual(uint.MaxValue, Read(new TensorProto { DataType = 12, Uint64Data = { uint.MaxValue } }).Span<uint>()[0]);

    [TestMethod]
    public void ReadsInt32() =>
        Assert.AreEqual(int.MinValue, Read(new TensorProto { DataType = 6, Int32Data = { int.MinValue } }).Span<int>()[0]);

    [TestMethod]
    public void ReadsSmallIntegers()
    {
        CollectionAssert.AreEqual(new sbyte[] { -128, 127 }, Read(ElementType.Int8, -128, 127).Span<sbyte>().ToArray());
        CollectionAssert.AreEqual(new byte[] { 0, 255 }, Read(ElementType.UInt8, 0, 255).Span<byte>().ToArray());
        CollectionAssert.AreEqual(new short[] { -32768, 32767 }, Read(ElementType.Int16, -32768, 32767).Span<short>().ToArray());
        CollectionAssert.AreEqual(new ushort[] { 0, 65535 }, Read(ElementType.UInt16, 0, 65535).Span<ushort>().ToArray());
    }

    [TestMethod]
    public void ReadsTruthValues()
    {
        CollectionAssert.AreEqual(new[] { true, false, true }, Read(ElementType.Bool, 1, 0, 7).Span<bool>().ToArray());
        CollectionAssert.AreEqual(new byte[] { 1, 0, 1 }, Read(Build.Raw(ElementType.Bool, [1, 0, 200], 3)).Bytes.ToArray());
    }

    [TestMethod]
    public void ReadsHalvesAsBitPatterns()
    {
        Assert.AreEqual((Half)1.5, Read(ElementType.Float16, 0x3E00).Span<Half>()[0]);
        Assert.AreEqual(-2.0, Read(ElementType.BFloat16, 0xC000).RealAt(0));
    }

    [TestMethod]
    [DataRow(ElementType.Float8E4M3FN, 0x7E, 448.0)]
    [DataRow(ElementType.Float8E4M3FN, 0x7F, double.NaN)]
    [DataRow(ElementType.Float8E4M3FN, 0x01, 0.001953125)]
    [DataRow(ElementType.Float8E4M3FNUZ, 0x7F, 240.0)]
    [DataRow(ElementType.Float8E4M3FNUZ, 0x80, double.NaN)]
    [DataRow(ElementType.Float8E5M2, 0x7B, 57344.0)]
    [DataRow(ElementType.Float8E5M2, 0xFC, double.NegativeInfinity)]
    [DataRow(ElementType.Float8E5M2FNUZ, 0x7F, 57344.0)]
    [DataRow(ElementType.Float8E8M0, 127, 1.0)]
    [DataRow(ElementType.Float8E8M0, 0, 5.877471754111438e-39)]
    [DataRow(ElementType.Float8E8M0, 255, double.NaN)]
    public void ReadsEightBitFloats(ElementType type, int bits, double wanted) => Assert.AreEqual(wanted, Read(type, bits).RealAt(0));

    [TestMethod]
    public void ReadsPackedElements()
    {
        TensorValue uint4 = Read(new TensorProto { DataType = (int)ElementType.UInt4, Dims = { 3 }, Int32Data = { 0x21, 0xF3 } });
        Assert.AreEqual("1 2 3", Texts(uint4));
        Assert.AreEqual(0x03, uint4.Bytes[1], "unused bits are cleared");
        Assert.AreEqual("-1 7 -8",
            Texts(Read(new TensorProto { DataType = (int)ElementType.Int4, Dims = { 3 }, Int32Data = { 0x7F, 0x08 } })));
        Assert.AreEqual("0 0.5 -6 4", Texts(Read(Build.Raw(ElementType.Float4E2M1, [0x10, 0x6F], 4))));
        Assert.AreEqual("0 1 2 3 1", Texts(Read(Build.Raw(ElementType.UInt2, [0b11100100, 1], 5))));
        Assert.AreEqual("0 1 -2 -1",
            Texts(Read(new TensorProto { DataType = (int)ElementType.Int2, Dims = { 4 }, Int32Data = { 0b11100100 } })));
    }

    [TestMethod]
    public void ReadsStrings()
    {
        TensorValue tensor =
            Read(new TensorProto { DataType = 8, Dims = { 2 }, StringData = { ByteString.CopyFromUtf8("grün"), ByteString.Empty } });
        CollectionAssert.AreEqual(new[] { "grün", "" }, tensor.Strings);
    }

    [TestMethod]
    public void ReadsComplexNumbers()
    {
        Assert.AreEqual(new Complex(1, -2), Read(new TensorProto { DataType = 14, Dims = { 1 }, FloatData = { 1, -2 } }).ComplexAt(0));
        Assert.AreEqual(new Complex(0.5, 3), Read(new TensorProto { DataType = 15, Dims = { 1 }, DoubleData = { 0.5, 3 } }).ComplexAt(0));
    }

    [TestMethod]
    public void ReadsWhatItWrites()
    {
        foreach (ElementType type in Enum.GetValues<ElementType>())
        {
            if (type is ElementType.Undefined or ElementType.String)
                continue;
            TensorValue tensor = TensorValue.Allocate(type, [3, 5], clear: true);
            for (int i = 0; i < tensor.Bytes.Length; i++)
                tensor.Bytes[i] = (byte)(type == ElementType.Bool ? i % 2 : i * 17 % 8);
            TensorValue back = TensorFile.Parse(TensorFile.ToBytes("x", tensor));
            Assert.AreEqual(tensor.ToString(), back.ToString());
            Assert.AreEqual(Texts(tensor), Texts(back), type.Name());
        }
        TensorValue texts = TensorFile.Parse(TensorFile.ToBytes("x", TensorValue.From(["a", "", "ü"], 3)));
        Assert.AreEqual("'a' '' 'ü'", Texts(texts));
    }

    [TestMethod]
    public void ReadsEmptyTensors()
    {
        Assert.AreEqual("float[0, 3]", Read(new TensorProto { DataType = 1, Dims = { 0, 3 } }).ToString());
        Assert.AreEqual("string[0]", Read(new TensorProto { DataType = 8, Dims = { 0 } }).ToString());
        Assert.AreEqual("int4[0]", Read(new TensorProto { DataType = (int)ElementType.Int4, Dims = { 0 } }).ToString());
    }

    [TestMethod]
    [DataRow(new long[] { -1 }, "negative")]
    [DataRow(new long[] { 0, -1 }, "negative")]
    [DataRow(new[] { 1L << 62 }, "memory")]
    [DataRow(new[] { 1L << 32, 1L << 32 }, "64 bits")]
    [DataRow(new[] { 1L << 32, 1L << 31 }, "64 bits")]
    [DataRow(new[] { long.MaxValue, 2L }, "64 bits")]
    [DataRow(new[] { 1L << 31 }, "memory")]
    public void RefusesAbsurdDims(long[] dims, string said)
    {
        foreach (ElementType type in new[] { ElementType.Float, ElementType.String, ElementType.Complex128, ElementType.UInt4 })
        {
            var proto = new TensorProto { Name = "big", DataType = (int)type };
            proto.Dims.AddRange(dims);
            OpException error = Assert.ThrowsExactly<OpException>(() => Read(proto));
            StringAssert.Contains(error.Message, "'big'");
            if (said != "memory")
                StringAssert.Contains(error.Message, said);
        }
    }

    [TestMethod]
    public void RefusesDataThatDoesNotFill()
    {
        Refuses(new TensorProto { DataType = 1, Dims = { 3 }, FloatData = { 1, 2 } }, "takes 3 entries, there are 2");
        Refuses(new TensorProto { DataType = 1, Dims = { 3 } }, "takes 3 entries, there are 0");
        Refuses(Build.Raw(ElementType.Float, [1, 2, 3], 1), "takes 4 bytes, there are 3");
        Refuses(new TensorProto { DataType = 1, Dims = { 1 }, Int32Data = { 1 } }, "entries");
        Refuses(new TensorProto { DataType = 1, Dims = { 1 }, FloatData = { 1 }, Int32Data = { 1 } }, "another type");
        Refuses(new TensorProto { DataType = 1, Dims = { 1 }, FloatData = { 1 }, RawData = ByteString.CopyFrom(1, 2, 3, 4) }, "both");
        Refuses(new TensorProto { DataType = 14, Dims = { 2 }, FloatData = { 1, 2 } }, "takes 4 entries");
    }

    [TestMethod]
    public void RefusesWhatIsNoElement()
    {
        Refuses(new TensorProto { DataType = 0, Dims = { 0 } }, "no element type");
        Refuses(new TensorProto { DataType = 99, Dims = { 0 } }, "99 is no element type");
        Refuses(new TensorProto { DataType = -1, Dims = { 0 } }, "-1 is no element type");
        Refuses(new TensorProto { DataType = 2, Int32Data = { 256 } }, "256 is outside uint8");
        Refuses(new TensorProto { DataType = 12, Uint64Data = { 1UL << 32 } }, "outside uint32");
        Refuses(new TensorProto { DataType = 8, StringData = { ByteString.CopyFrom(0xFF) } }, "UTF-8");
        Refuses(Build.Raw(ElementType.String, [1], 1), "raw");
    }

    private static void Refuses(TensorProto proto, string said)
    {
        OpException error = Assert.ThrowsExactly<OpException>(() => Read(proto));
        StringAssert.Contains(error.Message, said);
    }

    private static TensorValue Read(TensorProto proto) => new TensorReader("file", folder: null).Read(proto);

    private static TensorValue Read(ElementType type, params int[] items)
    {
        var proto = new TensorProto { DataType = (int)type, Dims = { items.Length } };
        proto.Int32Data.AddRange(items);
        return Read(proto);
    }

    private static string Texts(TensorValue tensor) =>
        string.Join(" ", Enumerable.Range(0, (int)tensor.Length).Select(i => tensor.TextAt(i)));
}
