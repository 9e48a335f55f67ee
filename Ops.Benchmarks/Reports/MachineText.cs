using System.Runtime.InteropServices;
using Ops.Benchmarks.Machine;
using Ops.OnnxRuntime;
using Ops.Simd;

namespace Ops.Benchmarks.Reports;

/// <summary>What numbers depend on, in a line.</summary>
public static class MachineText
{
    /// <summary>The processor, its vectors and caches, and the versions.</summary>
    public static string Describe()
    {
        CacheSizes caches = CacheSizes.Current;
        string peer = OrtLibrary.IsAvailable ? $"ONNX Runtime {OrtLibrary.Version}" : "no ONNX Runtime";
        return $"{RuntimeInformation.ProcessArchitecture} with {Environment.ProcessorCount} processors, {VectorText}, L1 {caches.L1 >> 10} KiB, "
            + $"L2 {caches.L2 >> 10} KiB, last level {caches.Last >> 20} MiB; {RuntimeInformation.FrameworkDescription}; {peer}";
    }

    private static string VectorText => Isa.Level == IsaLevel.Scalar ? "no vectors" : $"vectors of {(int)Isa.Level} bits";
}
