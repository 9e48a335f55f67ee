namespace Ops.Simd;

/// <summary>The width of the vectors that kernels work in.</summary>
public enum IsaLevel
{
    /// <summary>One element at a time.</summary>
    Scalar = 0,
    /// <summary>128 bits, for instance SSE4 or NEON.</summary>
    Bits128 = 128,
    /// <summary>256 bits, for instance AVX2.</summary>
    Bits256 = 256,
    /// <summary>512 bits, for instance AVX-512.</summary>
    Bits512 = 512,
}
