using Ops.Specs.Binding;
using Ops.Specs.Collections;
using Ops.Specs.Model;
using Ops.Specs.Published;
using Ops.Specs.Syntax;

namespace Ops.Generators;

/// <summary>The signatures of all ops, in one value that stays equal while no signature changes.</summary>
internal sealed record SpecTable(EquatableArray<OpSignature> Signatures)
{
    // Between most edits no signature changes: to see that is quicker than to sort them again.
    private static Made? last;

    public static SpecTable Create(IEnumerable<OpSignature> signatures)
    {
        OpSignature[] given = [.. signatures];
        if (last is { } before && before.Given.AsSpan().SequenceEqual(given))
            return before.Table;
        SpecTable table = new(given.OrderBy(s => s.Domain, StringComparer.Ordinal).ThenBy(s => s.Name, StringComparer.Ordinal)
            .ThenBy(s => s.Path, StringComparer.Ordinal).ToEquatableArray());
        last = new Made(given, table);
        return table;
    }

    private sealed record Made(OpSignature[] Given, SpecTable Table);

    private readonly ILookup<string, OpSignature> byName = Signatures.ToLookup(s => s.Name, StringComparer.Ordinal);

    /// <summary>What the ops are called.</summary>
    public EquatableArray<string> Names { get; } = OnlyOne(Signatures.Select(s => s.Name).Distinct().ToEquatableArray());

    // Hundreds of slices hold the names; that they are the same list is quickly seen.
    private static EquatableArray<string> lastNames;

    private static EquatableArray<string> OnlyOne(EquatableArray<string> names)
    {
        EquatableArray<string> last = lastNames;
        if (last.Equals(names))
            return last;
        return lastNames = names;
    }

    /// <summary>The signatures of the ops that are called so, in order.</summary>
    public IEnumerable<OpSignature> Named(IEnumerable<string> names) => names.SelectMany(n => byName[n]);

    /// <summary>Two tables are equal when their signatures are; the rest follows from them.</summary>
    public bool Equals(SpecTable? other) => other is not null && Signatures.Equals(other.Signatures);

    /// <inheritdoc/>
    public override int GetHashCode() => Signatures.GetHashCode();

    /// <summary>The files whose op another file declares too.</summary>
    public EquatableArray<DuplicateOp> Duplicates() => OpClass.Duplicates(Signatures).ToEquatableArray();
}

/// <summary>An op as far as calls of it are concerned.</summary>
internal sealed record CallableOp(string Name, string Domain, EquatableArray<OpModel> Versions);

/// <summary>The part of the table that one file's binding depends on: the ops it names, and what all ops are called.</summary>
internal sealed record SpecSlice(EquatableArray<OpSignature> Signatures, EquatableArray<string> Names,
    EquatableArray<SpecSyntax> Bases) : ISpecScope
{
    /// <summary>
    /// The versions of the ops that the file's bodies call, for those who check what these give. What is generated does not depend on it,
    /// and so neither does the generator.
    /// </summary>
    public EquatableArray<CallableOp> Models { get; init; } = [];

    /// <summary>The slice for one file.</summary>
    public static SpecSlice Of(SpecSyntax file, SpecTable table, EquatableArray<SpecSyntax> bases)
    {
        // What a base names, the ops of its body above all, is named by those that are like it.
        EquatableArray<string> own = SpecFrontEnd.References(file);
        if (!bases.Any(b => own.Contains(b.OpName!)))
            return new SpecSlice(table.Named(own).ToEquatableArray(), table.Names, []);
        HashSet<string> references = [.. own];
        bool grew = true;
        while (grew)
        {
            grew = false;
            foreach (SpecSyntax named in bases.Where(b => references.Contains(b.OpName!)).ToArray())
                foreach (string name in SpecFrontEnd.References(named))
                    grew |= references.Add(name);
        }
        return new SpecSlice(
            table.Named(references).ToEquatableArray(),
            table.Names,
            bases.Where(b => references.Contains(b.OpName!)).ToEquatableArray());
    }

    /// <summary>The signature of a file whose op states its difference from one of some others.</summary>
    public static OpSignature? SignatureOf(SpecSyntax file, EquatableArray<SpecSyntax> bases) =>
        SpecFrontEnd.Signature(file, Empty with { Bases = bases });

    /// <summary>The files that others state their difference from; there are few of them.</summary>
    public static EquatableArray<SpecSyntax> BasesOf(IEnumerable<SpecSyntax> files)
    {
        SpecSyntax[] all = [.. files];
        HashSet<string> likes = [.. all.SelectMany(SpecFrontEnd.Bases)];
        return all.Where(f => f.OpName is { } name && likes.Contains(name)).ToEquatableArray();
    }

    /// <summary>For a file that needs no other.</summary>
    public static SpecSlice Empty { get; } = new([], [], []);

    IEnumerable<string> ISpecScope.OpNames => Names;

    bool ISpecScope.TryGetSignature(string name, string domain, out OpSignature signature)
    {
        signature = Signatures.FirstOrDefault(s => s.Name == name && s.Domain == domain)!;
        return signature is not null;
    }

    IReadOnlyList<OpModel> ISpecScope.Models(string name, string domain) =>
        Models.FirstOrDefault(m => m.Name == name && m.Domain == domain)?.Versions ?? [];

    PublishedOps ISpecScope.Published => PublishedOps.Onnx;

    SpecSyntax? ISpecScope.TryGetSyntax(string op) => Bases.FirstOrDefault(b => SpecFrontEnd.IsMeant(op, b));
}
