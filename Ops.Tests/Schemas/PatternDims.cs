using System.Text.RegularExpressions;
using Ops.Schemas;

namespace Ops.Tests.Schemas;

/// <summary>Shapes that follow the patterns of an op's ports, so that ops with many related dims get valid calls too.</summary>
internal sealed partial class PatternDims(Random random, IReadOnlyDictionary<string, object> attributes)
{
    private readonly Dictionary<string, long> sizes = [];

    /// <summary>Whether patterns say all about the shapes of an op, and common shapes cannot satisfy it because the ranks differ.</summary>
    public static bool Describe(OpSchema schema)
    {
        long[]?[] shapes = [.. schema.Inputs.Select(i => new PatternDims(new Random(1), new Dictionary<string, object>()).Of(i.Pattern))];
        return shapes.All(s => s is not null) && shapes.Any(s => s!.Length > 2) && shapes.Select(s => s!.Length).Distinct().Count() > 1;
    }

    /// <summary>A shape for a pattern such as <c>T[G, H, F * I]</c>; null for one with lists of dims or alternatives.</summary>
    public long[]? Of(string pattern)
    {
        Match match = Whole().Match(pattern);
        if (!match.Success)
            return null;
        string[] items = [.. Comma().Split(match.Groups[1].Value).Select(i => i.Trim()).Where(i => i.Length > 0)];
        var dims = new long[items.Length];
        for (int i = 0; i < items.Length; i++)
        {
            if (ValueOf(items[i]) is not { } value)
                return null;
            dims[i] = value;
        }
        return dims;
    }

    private long? ValueOf(string item)
    {
        if (long.TryParse(item, out long number))
            return number;
        if (Name().IsMatch(item))
            return SizeOf(item);
        if (Product().Match(item) is { Success: true } product)
            return SizeOf(product.Groups[1].Value) * SizeOf(product.Groups[2].Value);
        if (Blocks().Match(item) is { Success: true } blocks)
            return (SizeOf(blocks.Groups[1].Value) + long.Max(1, SizeOf(blocks.Groups[2].Value)) - 1) / long.Max(1,
                SizeOf(blocks.Groups[2].Value));
        return null;
    }

    private long SizeOf(string name)
    {
        // An attribute may be a dim too.
        if (attributes.TryGetValue(name, out object? value) && value is long given and >= 0 and <= 64)
            return given;
        if (!sizes.TryGetValue(name, out long size))
            sizes[name] = size = random.Next(8) switch { 0 => 0, var n when name.Length == 1 => 1 + n / 2, _ => 2 };
        return size;
    }

    [GeneratedRegex(@"^\w+\[([^\[\].?]*)\]$")]
    private static partial Regex Whole();

    [GeneratedRegex(@",(?![^(]*\))")]
    private static partial Regex Comma();

    [GeneratedRegex(@"^[A-Za-z_]\w*$")]
    private static partial Regex Name();

    [GeneratedRegex(@"^(\w+) \* (\w+)$")]
    private static partial Regex Product();

    [GeneratedRegex(@"^ceil\((\w+) / (\w+)\)$")]
    private static partial Regex Blocks();
}
