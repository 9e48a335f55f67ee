namespace Ops.Threading;

/// <summary>How much native memory kernels of the process hold beside tensors: what calls work with, and what threads and the pool keep
/// for the next call.</summary>
internal static class KernelMemory
{
    private static long s_held, s_peak;

    /// <summary>The most bytes there were at a time since <see cref="ResetPeak"/>, those held by then included.</summary>
    public static long Peak => Interlocked.Read(ref s_peak);

    /// <summary>Forgets what was before.</summary>
    public static void ResetPeak() => Interlocked.Exchange(ref s_peak, Interlocked.Read(ref s_held));

    /// <summary>Counts memory that was allocated.</summary>
    public static void Take(long bytes)
    {
        long held = Interlocked.Add(ref s_held, bytes), peak = Interlocked.Read(ref s_peak);
        while (held > peak)
        {
            long seen = Interlocked.CompareExchange(ref s_peak, held, peak);
            if (seen == peak) return;
            peak = seen;
        }
    }

    /// <summary>Counts memory that was freed.</summary>
    public static void Free(long bytes) => Interlocked.Add(ref s_held, -bytes);
}
