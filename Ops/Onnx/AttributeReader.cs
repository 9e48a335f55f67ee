using System.Text;
using Google.Protobuf;
using Ops.Graphs;
using Ops.Onnx.Proto;
using Ops.Specs;
using Ops.Tensors;
using AttributeType = Ops.Onnx.Proto.AttributeProto.Types.AttributeType;

namespace Ops.Onnx;

/// <summary>The values of attributes. A value is made once, however often a function that holds it is called.</summary>
internal sealed class AttributeReader(TensorReader tensors)
{
    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    private readonly Dictionary<AttributeProto, object> made = new(ReferenceEqualityComparer.Instance);

    /// <summary>The value of an attribute that is neither a graph nor a reference.</summary>
    public object Read(AttributeProto proto, string subject)
    {
        if (!made.TryGetValue(proto, out object? value))
            made.Add(proto, value = Make(proto, subject));
        return value;
    }

    /// <summary>The kind of an attribute; models before IR version 2 do not state it.</summary>
    public static AttributeType KindOf(AttributeProto proto, string subject)
    {
        if (proto.Type != AttributeType.Undefined)
            return proto.Type;
        return proto switch
        {
            { HasF: true } => AttributeType.Float,
            { HasI: true } => AttributeType.Int,
            { HasS: true } => AttributeType.String,
            { T: not null } => AttributeType.Tensor,
            { G: not null } => AttributeType.Graph,
            { Floats.Count: > 0 } => AttributeType.Floats,
            { Ints.Count: > 0 } => AttributeType.Ints,
            { Strings.Count: > 0 } => AttributeType.Strings,
            { Tensors.Count: > 0 } => AttributeType.Tensors,
            { Graphs.Count: > 0 } => AttributeType.Graphs,
            _ => throw new OpException(subject, "attribute", $"'{proto.Name}' has no value"),
        };
    }

    private object Make(AttributeProto proto, string subject) => KindOf(proto, subject) switch
    {
        AttributeType.Float => proto.F,
        AttributeType.Int => proto.I,
        AttributeType.String => Text(proto.S, proto.Name, subject),
        AttributeType.Tensor => Tensor(proto, subject),
        AttributeType.Floats => proto.Floats.ToArray(),
        AttributeType.Ints => proto.Ints.ToArray(),
        AttributeType.Strings => proto.Strings.Select(s => Text(s, proto.Name, subject)).ToArray(),
        AttributeType.Tensors => new OtherAttribute("TENSORS"),
        AttributeType.SparseTensor => new OtherAttribute("SPARSE_TENSOR"),
        AttributeType.SparseTensors => new OtherAttribute("SPARSE_TENSORS"),
        AttributeType.TypeProto => new OtherAttribute("TYPE_PROTO"),
        AttributeType.TypeProtos => new OtherAttribute("TYPE_PROTOS"),
        _ => throw new OpException(subject, "attribute", $"'{proto.Name}' is of kind {(int)proto.Type}, which ONNX does not have"),
    };

    private TensorValue Tensor(AttributeProto proto, string subject) =>
        tensors.Read(proto.T ?? throw new OpException(subject, "attribute", $"'{proto.Name}' holds no tensor"));

    private static string Text(ByteString bytes, string name, string subject)
    {
        try
        {
            return StrictUtf8.GetString(bytes.Span);
        }
        catch (DecoderFallbackException e)
        {
            throw new OpException(subject, "attribute", $"'{name}' is not UTF-8", inner: e);
        }
    }
}
