using Ops.Specs.Symbolic;
using Ops.Specs.Types;

namespace Ops.Specs.Modifiers;

/// <summary>What a runtime does for the compiler of modifiers where an op is none that the compiler knows.</summary>
public interface IModifierRuntime
{
    /// <summary>Runs nodes that read constants only.</summary>
    /// <param name="nodes">The nodes, in an order in which they can run.</param>
    /// <param name="constants">What they read.</param>
    /// <param name="outputs">The names of the values asked for.</param>
    /// <returns>The values in the order of their names; null if the nodes do not run, or make more than a program should hold.</returns>
    IReadOnlyList<ModifierTensor>? Run(IReadOnlyList<ModifierNode> nodes, IReadOnlyDictionary<string, ModifierTensor> constants,
        IReadOnlyList<string> outputs);

    /// <summary>The graph that the body of a node's op means.</summary>
    /// <param name="node">The node; it has one output.</param>
    /// <param name="inputs">The types of its inputs; null for absent ones.</param>
    /// <returns>A graph whose inputs stand in the order of the node's, "" for those it does not read; null if the op has no body.</returns>
    ModifierGraph? Expand(ModifierNode node, IReadOnlyList<(ElementType Type, IReadOnlyList<Dim> Dims)?> inputs);
}
