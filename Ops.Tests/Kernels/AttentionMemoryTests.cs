using Ops.Kernels;
using Ops.Specs.Types;
using Ops.Threading;

namespace Ops.Tests.Kernels;

[TestClass]
[DoNotParallelize]
public sealed class AttentionMemoryTests
{
    /// <summary>What a thread may take: the state of a block of rows, a packed cell, a tile of scores.</summary>
    private const long PerThread = 2 << 20;

    [TestMethod]
    [DataRow(1, 16384, 8, 8)]
    [DataRow(64, 16384, 8, 8)]
    [DataRow(1, 16384, 1, 1)]
    [DataRow(1, 16384, 1, 4)]
    [DataRow(300, 16384, 1, 1)]
    public void MemoryDoesNotGrowWithTheKeys(int queries, int keys, int heads, int group)
    {
        AttentionCase drawn =
            new AttentionCase { Hkv = heads, Group = group, L = queries, S = keys, E = 64, Ev = 64 }.Filled(new Random(1));
        foreach (int threads in new[] { 1, 3 })
        {
            using Workers.Forced forced = Workers.Force(threads);
            long managed = 0, kept = 0, shared = 0;

            // A thread of its own begins without memory kept from earlier calls.
            var thread = new Thread(() =>
            {
                long before = GC.GetTotalAllocatedBytes(precise: true), sharedBefore = (long)PackingBuffer.TotalAllocated;
                drawn.Run();
                managed = GC.GetTotalAllocatedBytes(precise: true) - before;
                shared = (long)PackingBuffer.TotalAllocated - sharedBefore;
                kept = Scratch.Kept;
            });
            thread.Start();
            thread.Join();
            Assert.IsLessThan(drawn.Q!.ByteCount + (256L << 10), managed, "managed, the output included");
            Assert.IsLessThan(PerThread, kept, "of the thread");
            Assert.IsLessThan(threads * PerThread, shared, "shared by the threads");
        }
    }
}
