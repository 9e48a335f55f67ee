using System.Numerics;
using Ops.Benchmarks.Machine;

namespace Ops.Benchmarks.Cases;

/// <summary>Sizes of tensors that fit a level of memory.</summary>
internal static class Footprints
{
    /// <summary>The levels that cases of bandwidth run in: name, and the elements that each of some tensors of floats has.</summary>
    public static IEnumerable<(string Level, long Elements)> Levels(int tensors)
    {
        long half = CacheSizes.Current.L2 / 2 / sizeof(float) / tensors;
        yield return ("L2", 1L << BitOperations.Log2((ulong)half));
        yield return ("DRAM", 2 * CacheSizes.Current.Last / sizeof(float));
    }

    /// <summary>How many sets of so many bytes take turns so that all of them together exceed the last level twofold.</summary>
    public static int ColdSets(long bytes) => (int)(2 * CacheSizes.Current.Last / bytes + 1);
}
