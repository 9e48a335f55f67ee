namespace Ops.Kernels;

/// <summary>
/// A loop over consecutive vectors, two at a time. A kernel is inlined twice and no more: what the compiler inlines into one method is
/// limited.
/// </summary>
internal unsafe interface IElementwiseLoop
{
    /// <summary>Elements of one vector.</summary>
    static abstract int VectorCount { get; }

    /// <summary>Bytes of an element of the output.</summary>
    static abstract int OutputSize { get; }

    /// <summary>Whether the output must be aligned to the vector.</summary>
    static abstract bool IsAligned { get; }

    /// <summary>Bytes of an element of input <paramref name="i"/>.</summary>
    static abstract int InputSize(int i);

    /// <summary>Computes 2 * <paramref name="pairs"/> vectors.</summary>
    /// <param name="pointers">Where each input starts, then the output.</param>
    /// <param name="steps">For each input the bytes of one vector, or 0 if it is one vector that repeats.</param>
    /// <param name="pairs">How many pairs of vectors.</param>
    void Run(byte** pointers, nint* steps, nint pairs);
}
