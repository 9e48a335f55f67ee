using System.Runtime.Intrinsics;

namespace Ops.Simd;

/// <summary>The instruction-set level that patterns run at.</summary>
/// <remarks>
/// The best the machine supports, unless the environment variable <c>OPSPEC_ISA</c> (512, 256, 128 or scalar) asks for a lower one.
/// </remarks>
public static class Isa
{
    /// <summary>The environment variable that forces a level; a level the machine lacks falls back to the best below it.</summary>
    public const string Variable = "OPSPEC_ISA";

    private static IsaLevel s_level = Cap(Parse(Environment.GetEnvironmentVariable(Variable)));

    /// <summary>The level of the next pattern call.</summary>
    public static IsaLevel Level => s_level;

    /// <summary>The highest level this machine supports.</summary>
    public static IsaLevel Best =>
        Vector512.IsHardwareAccelerated ? IsaLevel.Bits512
        : Vector256.IsHardwareAccelerated ? IsaLevel.Bits256
        : Vector128.IsHardwareAccelerated ? IsaLevel.Bits128
        : IsaLevel.Scalar;

    /// <summary>Sets the level of the whole process until the result is disposed; for tests.</summary>
    internal static Forced Force(IsaLevel level)
    {
        var forced = new Forced(s_level);
        s_level = Cap(level);
        return forced;
    }

    internal static IsaLevel Parse(string? text) => text?.Trim().ToLowerInvariant() switch
    {
        "scalar" or "1" => IsaLevel.Scalar,
        "128" => IsaLevel.Bits128,
        "256" => IsaLevel.Bits256,
        _ => IsaLevel.Bits512,
    };

    private static IsaLevel Cap(IsaLevel level) => level < Best ? level : Best;

    /// <summary>Gives the earlier level back when disposed.</summary>
    internal readonly struct Forced(IsaLevel before) : IDisposable
    {
        /// <inheritdoc/>
        public void Dispose() => s_level = before;
    }
}
