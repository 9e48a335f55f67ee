using Google.Protobuf;
using Ops.Onnx.Proto;
using Ops.Specs.Types;
using Ops.Tensors;

namespace Ops.Onnx;

/// <summary>Makes ONNX's tensor messages of tensors.</summary>
internal static class TensorWriter
{
    /// <summary>The message of a tensor: text as strings, everything else as raw data.</summary>
    public static TensorProto Write(string name, TensorValue tensor)
    {
        var proto = new TensorProto { Name = name, DataType = (int)tensor.Type };
        proto.Dims.AddRange(tensor.Dims);
        if (tensor.Type == ElementType.String)
            proto.StringData.AddRange(tensor.Strings!.Select(ByteString.CopyFromUtf8));
        else
            proto.RawData = ByteString.CopyFrom(tensor.Bytes);
        return proto;
    }
}
