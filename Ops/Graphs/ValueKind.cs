namespace Ops.Graphs;

/// <summary>What a value of a graph is.</summary>
public enum ValueKind
{
    /// <summary>The model does not say.</summary>
    Unknown,
    /// <summary>A dense tensor.</summary>
    Tensor,
    /// <summary>A list of values of one type.</summary>
    Sequence,
    /// <summary>A value that may be absent.</summary>
    Optional,
    /// <summary>Values by key.</summary>
    Map,
    /// <summary>A tensor of which only some elements are stored.</summary>
    SparseTensor,
    /// <summary>A type only its domain knows.</summary>
    Opaque,
}
