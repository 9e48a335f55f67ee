using System.Globalization;

namespace Ops.Benchmarks.Machine;

/// <summary>The sizes of the data caches in bytes: what the system says, or usual ones where it says nothing.</summary>
/// <param name="L1">Of one core.</param>
/// <param name="L2">Of one core.</param>
/// <param name="Last">The last level, shared by the cores.</param>
public sealed record CacheSizes(long L1, long L2, long Last)
{
    private const string Folder = "/sys/devices/system/cpu/cpu0/cache";

    /// <summary>Those of this machine.</summary>
    public static CacheSizes Current { get; } = Read();

    /// <summary>A size as the system writes it, for instance <c>32768K</c>; null when it is none.</summary>
    public static long? Parse(string text)
    {
        text = text.Trim();
        long unit = text.EndsWith('K') ? 1L << 10 : text.EndsWith('M') ? 1L << 20 : 1;
        return long.TryParse(text.TrimEnd('K', 'M'), NumberStyles.None, CultureInfo.InvariantCulture, out long size) && size > 0
            ? size * unit : null;
    }

    private static CacheSizes Read()
    {
        var sizes = new CacheSizes(32 << 10, 1 << 20, 32 << 20);
        long last = 0;
        try
        {
            foreach (string index in Directory.Exists(Folder) ? Directory.EnumerateDirectories(Folder, "index*") : [])
            {
                if (File.ReadAllText(Path.Combine(index, "type")).StartsWith('I')
                    || Parse(File.ReadAllText(Path.Combine(index, "size"))) is not { } size)
                    continue;
                last = Math.Max(last, size);
                sizes = File.ReadAllText(Path.Combine(index, "level")).Trim() switch
                {
                    "1" => sizes with { L1 = size },
                    "2" => sizes with { L2 = size },
                    _ => sizes,
                };
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return sizes;
        }
        return last > 0 ? sizes with { Last = last } : sizes;
    }
}
