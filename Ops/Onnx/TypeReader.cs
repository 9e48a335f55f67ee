using Ops.Graphs;
using Ops.Onnx.Proto;
using Ops.Specs.Inference;
using Ops.Specs.Symbolic;

namespace Ops.Onnx;

/// <summary>What models declare of values.</summary>
internal static class TypeReader
{
    /// <summary>A declared value under the name it has in the graph.</summary>
    public static GraphValue Read(ValueInfoProto proto, string name, string source)
    {
        string subject = $"{source}: value '{proto.Name}'";
        return proto.Type?.ValueCase switch
        {
            TypeProto.ValueOneofCase.TensorType => new GraphValue(name, ValueKind.Tensor, Tensor(proto.Type.TensorType, subject)),
            TypeProto.ValueOneofCase.SequenceType => Other(name, ValueKind.Sequence),
            TypeProto.ValueOneofCase.OptionalType => Other(name, ValueKind.Optional),
            TypeProto.ValueOneofCase.MapType => Other(name, ValueKind.Map),
            TypeProto.ValueOneofCase.SparseTensorType => Other(name, ValueKind.SparseTensor),
            TypeProto.ValueOneofCase.OpaqueType => Other(name, ValueKind.Opaque),
            _ => Other(name, ValueKind.Unknown),
        };
    }

    private static GraphValue Other(string name, ValueKind kind) => new(name, kind, TensorType.Unknown);

    private static TensorType Tensor(TypeProto.Types.Tensor proto, string subject) => new(TensorReader.TypeOf(proto.ElemType, subject),
        proto.Shape is { } shape ? Seq.Of(shape.Dim.Select(Dimension).ToArray()) : default);

    /// <summary>A negative number is how some exporters write "not known".</summary>
    private static Dim Dimension(TensorShapeProto.Types.Dimension dim) => dim.ValueCase switch
    {
        TensorShapeProto.Types.Dimension.ValueOneofCase.DimValue when dim.DimValue >= 0 => dim.DimValue,
        TensorShapeProto.Types.Dimension.ValueOneofCase.DimParam when dim.DimParam.Length > 0 => Dim.Symbol(dim.DimParam),
        _ => Dim.Unknown,
    };
}
