namespace Ops.Graphs;

/// <summary>An attribute of a kind this runtime keeps no value of: sparse tensors, types, lists of tensors.</summary>
/// <param name="Kind">The kind as ONNX names it, for instance <c>TYPE_PROTO</c>.</param>
public sealed record OtherAttribute(string Kind);
