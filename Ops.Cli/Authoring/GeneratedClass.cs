using Ops.Generators.Emit;
using Ops.Specs;
using Ops.Specs.Binding;
using Ops.Specs.Model;

namespace Ops.Cli.Authoring;

/// <summary>The class that a build generates from a spec.</summary>
internal static class GeneratedClass
{
    /// <summary>Its text.</summary>
    /// <exception cref="OpException">The generator cannot write it.</exception>
    public static string TextOf(OpFamily family)
    {
        try
        {
            return OpEmitter.Emit(family, typeof(GeneratedClass).Assembly.GetName().Version!.ToString(3));
        }
        catch (NotSupportedException e)
        {
            throw new OpException(family.Name, "generation", $"the generator cannot write {e.Message}", inner: e);
        }
    }

    /// <summary>Its namespace.</summary>
    public static string NamespaceOf(OpFamily family) => OpClass.Namespace(family.Domain);
}
