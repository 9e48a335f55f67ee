namespace Ops.Specs.Inference;

/// <summary>A graph given as an attribute, as far as rules may ask about it.</summary>
public interface IGraphSignature
{
    /// <summary>How many inputs it takes.</summary>
    int InputCount { get; }

    /// <summary>How many outputs it gives.</summary>
    int OutputCount { get; }
}
