using Ops.Threading;

namespace Ops.Tests.Kernels;

[TestClass]
public sealed unsafe class WorkersTests
{
    [TestMethod]
    [DataRow("3", 3)]
    [DataRow("100000", 1024)]
    public void The_variable_sets_the_count(string text, int count) => Assert.AreEqual(count, Workers.Parse(text));

    [TestMethod]
    [DataRow(null), DataRow("0"), DataRow("-1"), DataRow("many")]
    public void Anything_else_means_the_processors(string? text) => Assert.AreEqual(Environment.ProcessorCount, Workers.Parse(text));

    [TestMethod]
    public void Every_part_runs_once()
    {
        int* counts = stackalloc int[64];
        foreach (int threads in (int[])[1, 2, 3, 8])
        {
            using var forced = Workers.Force(threads);
            for (int round = 0; round < 2000; round++)
            {
                int parts = round % 37;
                var body = new CountBody(counts);
                Workers.Run(parts, ref body);
                for (int i = 0; i < 64; i++)
                {
                    Assert.AreEqual(i < parts ? 1 : 0, counts[i]);
                    counts[i] = 0;
                }
            }
        }
    }

    [TestMethod]
    public void Exceptions_reach_the_caller_and_the_pool_goes_on()
    {
        using var forced = Workers.Force(3);
        int* counts = stackalloc int[4];
        for (int round = 0; round < 200; round++)
        {
            var failing = new FailingBody(round % 16);
            var exception = Assert.ThrowsExactly<InvalidOperationException>(() => Workers.Run(16, ref failing));
            Assert.AreEqual($"part {round % 16}", exception.Message);
            Assert.IsFalse(Workers.IsInside);
            var body = new CountBody(counts);
            Workers.Run(4, ref body);
            for (int i = 0; i < 4; i++)
            {
                Assert.AreEqual(1, counts[i]);
                counts[i] = 0;
            }
        }
    }

    [TestMethod]
    public void Calls_from_parts_run_inline()
    {
        using var forced = Workers.Force(3);
        int* counts = stackalloc int[64];
        var body = new NestedBody(counts);
        Workers.Run(8, ref body);
        for (int i = 0; i < 64; i++) Assert.AreEqual(1, counts[i]);
    }

    [TestMethod]
    public void Callers_on_several_threads_do_not_disturb_each_other()
    {
        using var forced = Workers.Force(2);
        var threads = Enumerable.Range(0, 4).Select(_ => Task.Run(Work)).ToArray();
        Task.WaitAll(threads);

        static void Work()
        {
            int* counts = stackalloc int[16];
            for (int round = 1; round <= 1000; round++)
            {
                var body = new CountBody(counts);
                Workers.Run(16, ref body);
                for (int i = 0; i < 16; i++) Assert.AreEqual(round, counts[i]);
            }
        }
    }

    [TestMethod]
    public void Shared_work_allocates_nothing()
    {
        using var forced = Workers.Force(2);
        int* counts = stackalloc int[16];
        var body = new CountBody(counts);
        Workers.Run(16, ref body);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++) Workers.Run(16, ref body);
        Assert.IsLessThan(2000, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [TestMethod]
    public void Scratch_nests()
    {
        using Scratch outer = Scratch.Rent(1000);
        new Span<byte>(outer.Data, 1000).Fill(1);
        using (Scratch inner = Scratch.Rent(100_000)) new Span<byte>(inner.Data, 100_000).Fill(2);
        Assert.AreEqual(0L, (long)outer.Data % 64);
        Assert.IsFalse(new Span<byte>(outer.Data, 1000).ContainsAnyExcept((byte)1));
    }

    private readonly struct CountBody(int* counts) : IParallelBody
    {
        private readonly int* _counts = counts;

        public void Run(int part) => Interlocked.Increment(ref _counts[part]);
    }

    private readonly struct FailingBody(int failing) : IParallelBody
    {
        private readonly int _failing = failing;

        public void Run(int part)
        {
            if (part == _failing) throw new InvalidOperationException($"part {part}");
        }
    }

    private readonly struct NestedBody(int* counts) : IParallelBody
    {
        private readonly int* _counts = counts;

        public void Run(int part)
        {
            Assert.IsTrue(Workers.IsInside);
            var inner = new CountBody(_counts + (8 * part));
            Workers.Run(8, ref inner);
        }
    }
}
