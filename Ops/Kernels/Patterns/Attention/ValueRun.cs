namespace Ops.Kernels;

/// <summary>Some values, one step apart, their weights, and what will be read later; steps count elements.</summary>
internal unsafe struct ValueRun<S, C>
    where S : unmanaged
    where C : unmanaged
{
    /// <summary>How many values.</summary>
    public int Count;

    /// <summary>The first value.</summary>
    public S* Values;

    /// <summary>From there to the next.</summary>
    public nint Step;

    /// <summary>As many rows that lie one behind another; they are brought nearer.</summary>
    public S* Next;

    /// <summary>The weights of the first row, within a tile of two vectors of keys for each row.</summary>
    public C* Weights;
}
