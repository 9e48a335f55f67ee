using Ops.Benchmarks.Machine;
using Ops.Benchmarks.Running;
using Ops.Simd;

namespace Ops.Tests.Benchmarks;

[TestClass]
public class MachineTests
{
    [TestMethod]
    [DataRow("48K\n", 48L << 10)]
    [DataRow("32M", 32L << 20)]
    [DataRow("512", 512L)]
    [DataRow("", null)]
    [DataRow("K", null)]
    [DataRow("-1K", null)]
    public void SizesAreReadAsTheSystemWritesThem(string text, long? size) => Assert.AreEqual(size, CacheSizes.Parse(text));

    [TestMethod]
    public void CachesHaveSizes()
    {
        CacheSizes caches = CacheSizes.Current;
        Assert.IsTrue(caches.L1 > 0 && caches.L2 >= caches.L1 && caches.Last >= caches.L2, caches.ToString());
    }

    [TestMethod]
    [DataRow(LimitKind.Arithmetic)]
    [DataRow(LimitKind.Read)]
    [DataRow(LimitKind.Copy)]
    [DataRow(LimitKind.Combine)]
    public void EveryLimitIsMeasuredAtEveryWidth(LimitKind kind)
    {
        foreach (IsaLevel level in Enum.GetValues<IsaLevel>())
        {
            using Isa.Forced forced = Isa.Force(level);
            using LimitMeter meter = new Limit(kind, 1, 1 << 16).Meter();
            meter.Run();
            Assert.IsGreaterThan(0, meter.Work);
        }
    }

    [TestMethod]
    public void StatisticsIgnoreAFewOutliers()
    {
        Assert.AreEqual(3, Statistics.Median([1000, 3, 2, 4, 1]));
        Assert.AreEqual(2.5, Statistics.Median([4, 3, 2, 1]));
        Assert.AreEqual(0, Statistics.Spread([5, 5, 5, 5, 100]));
        Assert.AreEqual(2 / 3.0, Statistics.Spread([1, 2, 3, 4, 5]), 1e-12);
    }
}
