using Ops.Specs.Syntax;

namespace Ops.Specs.Binding;

/// <summary>Which optional ports and attributes are known to be present, because the place at hand is reached only when they are.</summary>
internal sealed class PresenceGuards(SymbolTable symbols)
{
    private readonly List<string> names = [];

    /// <summary>Whether a name has a value here.</summary>
    internal bool Cover(Symbol symbol) => symbol.OnlyWith.Count == 0 || symbol.OnlyWith.Any(Contains);

    /// <summary>Whether a port or attribute is known to be present.</summary>
    internal bool Contains(string name) => names.Contains(name);

    /// <summary>Enters where a port or attribute is present.</summary>
    /// <returns>What <see cref="Exit"/> takes.</returns>
    internal int Enter(string name)
    {
        names.Add(name);
        return 1;
    }

    /// <summary>Enters where a condition is <paramref name="truth"/>.</summary>
    /// <returns>What <see cref="Exit"/> takes.</returns>
    internal int Enter(ExprSyntax condition, bool truth)
    {
        List<string> present = Presence(condition, truth);
        names.AddRange(present);
        return present.Count;
    }

    internal void Exit(int count) => names.RemoveRange(names.Count - count, count);

    /// <summary>The ports and attributes that are present whenever the condition is <paramref name="truth"/>.</summary>
    private List<string> Presence(ExprSyntax condition, bool truth, int depth = 0)
    {
        const int lets = 8;
        switch (condition)
        {
            case ParenthesizedSyntax p:
                return Presence(p.Inner, truth, depth);
            case UnarySyntax { Op: "not" } not:
                return Presence(not.Operand, !truth, depth);
            case BinarySyntax { Op: "and" or "or" } binary when (binary.Op == "and") == truth:
                return [.. Presence(binary.Left, truth, depth), .. Presence(binary.Right, truth, depth)];
            case FunctionSyntax { Host: false, Name: "has", Arguments: { Count: 1 } arguments } when truth
                && arguments[0].Value is NameSyntax port:
                return [port.Name];
            case NameSyntax name when depth < lets && symbols.Find(name.Name) is { Definition: { } definition }:
                return Presence(definition, truth, depth + 1);
            default:
                return [];
        }
    }
}
