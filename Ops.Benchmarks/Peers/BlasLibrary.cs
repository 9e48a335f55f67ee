using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Ops.Threading;

namespace Ops.Benchmarks.Peers;

/// <summary>A library of matrix products that the machine may have; found at run time, and never needed.</summary>
internal abstract unsafe class BlasLibrary
{
    private static readonly Lazy<BlasLibrary?> s_openBlas = new(OpenBlas.Load), s_oneDnn = new(OneDnn.Load);

    /// <summary>The libraries by name.</summary>
    public static IReadOnlyDictionary<string, Lazy<BlasLibrary?>> All { get; } = new Dictionary<string, Lazy<BlasLibrary?>>
    {
        ["OpenBLAS"] = s_openBlas, ["oneDNN"] = s_oneDnn
    };

    /// <summary>y = a b on as many threads as the ops use, for dense rows: a is [m, k], b is [k, n].</summary>
    public abstract void Multiply(int m, int n, int k, float* a, float* b, float* y);

    private static bool TryLoad(out nint handle, params string[] names)
    {
        foreach (string name in names)
            if (NativeLibrary.TryLoad(name, out handle)) return true;
        handle = 0;
        return false;
    }

    private sealed class OpenBlas(
        delegate* unmanaged<int, int, int, int, int, int, float, float*, int, float*, int, float, float*, int, void> sgemm,
        delegate* unmanaged<int, void> setThreads)
        : BlasLibrary
    {
        private const int RowMajor = 101, NoTranspose = 111;

        public static BlasLibrary? Load()
        {
            // A processor it does not know it takes for one with narrower vectors, and environments made for others tell it to.
            using var environment = NativeEnvironment.Set(Vector512.IsHardwareAccelerated ? ("OPENBLAS_CORETYPE", "SKYLAKEX") : null);
            return TryLoad(out nint library, "libopenblas.so.0", "libopenblas")
                && NativeLibrary.TryGetExport(library, "cblas_sgemm", out nint sgemm)
                && NativeLibrary.TryGetExport(library, "openblas_set_num_threads", out nint threads)
                ? new OpenBlas(
                    (delegate* unmanaged<int, int, int, int, int, int, float, float*, int, float*, int, float, float*, int, void>)sgemm,
                    (delegate* unmanaged<int, void>)threads) : null;
        }

        public override void Multiply(int m, int n, int k, float* a, float* b, float* y)
        {
            setThreads(Workers.Count);
            sgemm(RowMajor, NoTranspose, NoTranspose, m, n, k, 1, a, k, b, n, 0, y, n);
        }
    }

    private sealed class OneDnn(
        delegate* unmanaged<sbyte, sbyte, long, long, long, float, float*, long, float*, long, float, float*, long, int> sgemm,
        delegate* unmanaged<int, void> setThreads)
        : BlasLibrary
    {
        public static BlasLibrary? Load() =>
            TryLoad(out nint library, "libdnnl.so.3", "libdnnl.so.2", "libdnnl", "dnnl")
                && NativeLibrary.TryGetExport(library, "dnnl_sgemm", out nint sgemm)
            && TryLoad(out nint openMp, "libgomp.so.1") && NativeLibrary.TryGetExport(openMp, "omp_set_num_threads", out nint threads)
                ? new OneDnn(
                    (delegate* unmanaged<sbyte, sbyte, long, long, long, float, float*, long, float*, long, float, float*, long, int>)sgemm,
                    (delegate* unmanaged<int, void>)threads) : null;

        public override void Multiply(int m, int n, int k, float* a, float* b, float* y)
        {
            setThreads(Workers.Count);
            if (sgemm((sbyte)'N', (sbyte)'N', m, n, k, 1, a, k, b, n, 0, y, n) is not 0 and var status)
                throw new InvalidOperationException($"dnnl_sgemm gave {status}");
        }
    }
}
