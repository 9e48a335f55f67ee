using Ops.Onnx;
using Ops.Onnx.Proto;
using Ops.Specs;
using Ops.Specs.Types;

namespace Ops.Tests.Onnx;

[TestClass]
public class ExternalDataTests
{
    private readonly TemporaryFolder outside = new();

    private string Model => outside.Folder("model");

    [TestCleanup]
    public void Clean() => outside.Dispose();

    [TestMethod]
    public void ReadsDataBesideTheModel()
    {
        Write("model/data/weights.bin", 16);
        Write("model/eight.bin", 8);
        CollectionAssert.AreEqual(new byte[] { 4, 5, 6, 7, 8, 9, 10, 11 },
            new TensorReader("m", Model).Read(Tensor("data/weights.bin", "4", "8")).Bytes.ToArray());
        Assert.AreEqual("uint8[8]", new TensorReader("m", Model).Read(Tensor(".//eight.bin")).ToString());
    }

    [TestMethod]
    public void FollowsLinksInsideTheFolder()
    {
        Write("model/real.bin", 8);
        File.CreateSymbolicLink(Path.Combine(Model, "link.bin"), "real.bin");
        Assert.AreEqual(7, new TensorReader("m", Model).Read(Tensor("link.bin")).Bytes[7]);
    }

    [TestMethod]
    public void FolderMayBeALinkItself()
    {
        Write("model/real.bin", 8);
        Directory.CreateSymbolicLink(outside.File("alias"), Model);
        Assert.AreEqual(7, new TensorReader("m", outside.File("alias")).Read(Tensor("real.bin")).Bytes[7]);
    }

    [TestMethod]
    [DataRow("../secret.bin")]
    [DataRow("data/../../secret.bin")]
    [DataRow("..\\secret.bin")]
    [DataRow("/etc/passwd")]
    [DataRow("\\secret.bin")]
    [DataRow("C:secret.bin")]
    [DataRow("a\0b")]
    public void RefusesLocationsThatLeave(string location)
    {
        Write("secret.bin", 8);
        Refuses(Tensor(location), "leaves the model's folder");
    }

    [TestMethod]
    public void RefusesLinksThatLeave()
    {
        Write("secret.bin", 8);
        File.CreateSymbolicLink(Path.Combine(Model, "absolute.bin"), outside.File("secret.bin"));
        File.CreateSymbolicLink(Path.Combine(Model, "relative.bin"), "../secret.bin");
        Directory.CreateSymbolicLink(Path.Combine(Model, "up"), "..");
        File.CreateSymbolicLink(Path.Combine(Model, "twice.bin"), "relative.bin");
        foreach (string location in new[] { "absolute.bin", "relative.bin", "up/secret.bin", "twice.bin" })
            Refuses(Tensor(location), "through a symbolic link");
    }

    [TestMethod]
    public void RefusesAFolderThatOnlyStartsAlike()
    {
        Write("model-too/secret.bin", 8);
        Directory.CreateSymbolicLink(Path.Combine(Model, "too"), outside.File("model-too"));
        Refuses(Tensor("too/secret.bin"), "through a symbolic link");
    }

    [TestMethod]
    public void RefusesLinksInACircle()
    {
        File.CreateSymbolicLink(Path.Combine(Model, "a"), "b");
        File.CreateSymbolicLink(Path.Combine(Model, "b"), "a");
        Refuses(Tensor("a"), "too many symbolic links");
    }

    [TestMethod]
    public void RefusesPlacesOutsideTheFile()
    {
        Write("model/w.bin", 8);
        Refuses(Tensor("w.bin", "1"), "takes 8 bytes, the file has 7");
        Refuses(Tensor("w.bin", "9"), "the file has 0");
        Refuses(Tensor("w.bin", "9223372036854775807"), "the file has 0");
        Refuses(Tensor("w.bin", "-1"), "no byte count");
        Refuses(Tensor("w.bin", "9999999999999999999999"), "no byte count");
        Refuses(Tensor("w.bin", null, "7"), "its length is 7 bytes");
        Refuses(Tensor("nothing.bin"), "there is no file");
        Refuses(Tensor(""), "no location");
    }

    [TestMethod]
    public void RefusesHugeTensorsBeforeTheyAreAllocated()
    {
        Write("model/w.bin", 8);
        TensorProto proto = Tensor("w.bin");
        proto.Dims[0] = 1L << 30;
        long before = GC.GetTotalAllocatedBytes();
        Refuses(proto, "the file has 8");
        Assert.IsLessThan(1L << 24, GC.GetTotalAllocatedBytes() - before);
    }

    [TestMethod]
    public void TensorsShareALimit()
    {
        Write("model/w.bin", 8);
        var reader = new TensorReader("m", Model, maxBytes: 20);
        reader.Read(Tensor("w.bin"));
        reader.Read(Tensor("w.bin"));
        Assert.AreEqual("memory", Assert.ThrowsExactly<OpException>(() => reader.Read(Tensor("w.bin"))).Rule);
    }

    [TestMethod]
    public void BytesWithoutAFolderHaveNothingBesideThem() =>
        StringAssert.Contains(Assert.ThrowsExactly<OpException>(() => new TensorReader("m", folder: null).Read(Tensor("w.bin"))).Message,
            "nothing beside it");

    private void Refuses(TensorProto proto, string said)
    {
        OpException error = Assert.ThrowsExactly<OpException>(() => new TensorReader("m", Model).Read(proto));
        StringAssert.Contains(error.Message, said);
        StringAssert.Contains(error.Message, "'w'");
    }

    private void Write(string name, int length)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(outside.File(name))!);
        File.WriteAllBytes(outside.File(name), [.. Enumerable.Range(0, length).Select(i => (byte)i)]);
    }

    private static TensorProto Tensor(string location, string? offset = null, string? length = null)
    {
        var proto = new TensorProto
        {
            Name = "w",
            DataType = (int)ElementType.UInt8,
            Dims = { 8 },
            DataLocation = TensorProto.Types.DataLocation.External
        };
        proto.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = location });
        if (offset is not null)
            proto.ExternalData.Add(new StringStringEntryProto { Key = "offset", Value = offset });
        if (length is not null)
            proto.ExternalData.Add(new StringStringEntryProto { Key = "length", Value = length });
        return proto;
    }
}
