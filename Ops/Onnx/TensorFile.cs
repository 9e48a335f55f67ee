using Google.Protobuf;
using Ops.Onnx.Proto;
using Ops.Specs;
using Ops.Tensors;

namespace Ops.Onnx;

/// <summary>Files that hold one tensor, as the data sets beside ONNX models do.</summary>
public static class TensorFile
{
    /// <summary>Reads a tensor.</summary>
    /// <exception cref="OpException">The file cannot be read, or what it holds is no tensor.</exception>
    public static TensorValue Read(string path) => Parse(OnnxFile.ReadBytes(path), path);

    /// <summary>Reads a tensor from bytes.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="source">Where they come from, for messages.</param>
    /// <exception cref="OpException">The bytes are no tensor.</exception>
    public static TensorValue Parse(byte[] bytes, string source = "tensor") =>
        new TensorReader(source, folder: null).Read(OnnxFile.Parse(TensorProto.Parser, bytes, source));

    /// <summary>Writes a tensor; its folder is made when it is not there.</summary>
    /// <exception cref="OpException">The file cannot be written.</exception>
    public static void Write(string path, string name, TensorValue tensor) => OnnxFile.WriteBytes(path, ToBytes(name, tensor));

    /// <summary>The bytes of a tensor's file.</summary>
    public static byte[] ToBytes(string name, TensorValue tensor) =>
        OnnxFile.Guard(name, () => TensorWriter.Write(name, tensor).ToByteArray());
}
