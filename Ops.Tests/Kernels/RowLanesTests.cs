using Ops.Kernels;
using Ops.Simd;

namespace Ops.Tests.Kernels;

/// <summary>Lanes of many rows folded together give the bits of each row alone.</summary>
[TestClass]
public sealed unsafe class RowLanesTests
{
    [TestMethod]
    public void Rows_folded_together_are_each_row_alone()
    {
        Check<Simd512<float>, float>(x => (float)x);
        Check<Simd256<float>, float>(x => (float)x);
        Check<Simd128<float>, float>(x => (float)x);
        Check<Simd1<float>, float>(x => (float)x);
        Check<Simd512<double>, double>(x => x);
        Check<Simd256<double>, double>(x => x);
    }

    private static void Check<V, C>(Func<double, C> to)
        where V : struct, ISimd<V, C>
        where C : unmanaged
    {
        const int Rows = 14;
        var random = new Random(7);
        C[] lanes = [.. Enumerable.Range(0, RowPanel<C>.Slots * V.Count)
            .Select(_ => to(Math.ScaleB(random.NextDouble() - 0.5, random.Next(-20, 20))))];
        C[] sums = new C[RowPanel<C>.Slots], maxima = new C[RowPanel<C>.Slots];
        fixed (C* lane = lanes, sum = sums, max = maxima)
        {
            RowLanes<V, C>.Sum(lane, Rows, sum);
            RowLanes<V, C>.Max(lane, Rows, max);
            for (int row = 0; row < Rows; row++)
            {
                Assert.AreEqual(V.SumLanes(V.Load(lane + row * V.Count)), sum[row], $"the sum of row {row} of {typeof(V)}");
                Assert.AreEqual(V.MaxLanes(V.Load(lane + row * V.Count)), max[row], $"the maximum of row {row} of {typeof(V)}");
            }
        }
    }
}
