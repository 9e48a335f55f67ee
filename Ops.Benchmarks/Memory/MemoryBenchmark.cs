using Ops.Threading;

namespace Ops.Benchmarks.Memory;

/// <summary>What a fused call took beside its tensors.</summary>
/// <param name="Name">The call.</param>
/// <param name="Keys">Its keys.</param>
/// <param name="Threads">On how many threads.</param>
/// <param name="Kernel">The most bytes of native memory at a time that kernels worked with or kept for the next call.</param>
/// <param name="Managed">The bytes of objects that its first call made, a modifier's program included.</param>
/// <param name="Scores">The bytes of all its scores as floats, which a path that is not fused holds at a time.</param>
public sealed record MemoryRow(string Name, int Keys, int Threads, long Kernel, long Managed, long Scores);

/// <summary>How much memory fused calls take beside their inputs and outputs: a few tiles for each thread, however many the keys.</summary>
public static class MemoryBenchmark
{
    private static readonly int[] s_keys = [1024, 16384];

    /// <summary>Measures the first call of every case, for few and for many keys.</summary>
    /// <param name="threads">On how many threads, one after another.</param>
    /// <param name="progress">Is told what is going on.</param>
    /// <param name="cancellation">Stops it.</param>
    public static IReadOnlyList<MemoryRow> Run(IReadOnlyList<int> threads, Action<string> progress, CancellationToken cancellation = default)
    {
        List<MemoryRow> rows = [];

        // Fewer threads first: those of the pool keep their memory as long as the process lives.
        foreach (int count in threads.Order())
            foreach (MemoryCase @case in MemoryCase.All)
                foreach (int keys in s_keys)
                {
                    cancellation.ThrowIfCancellationRequested();
                    progress($"{@case.Name}, {keys} keys, {count} threads");
                    rows.Add(Measure(@case, keys, count));
                }
        return [.. MemoryCase.All.SelectMany(c => rows.Where(r => r.Name == c.Name).OrderBy(r => r.Keys))];
    }

    private static MemoryRow Measure(MemoryCase @case, int keys, int threads)
    {
        Action call = @case.Create(keys);
        using Workers.Forced forced = Workers.Force(threads);

        // What threads that ended kept is gone then.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        KernelMemory.ResetPeak();
        long managed = 0;

        // A thread of its own begins without memory kept from earlier calls.
        var thread = new Thread(() =>
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            call();
            managed = GC.GetTotalAllocatedBytes(precise: true) - before;
        });
        thread.Start();
        thread.Join();
        return new MemoryRow(@case.Name, keys, threads, KernelMemory.Peak, managed, @case.ScoreBytes(keys));
    }
}
