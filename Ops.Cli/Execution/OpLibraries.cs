using System.CommandLine;
using System.Reflection;
using System.Runtime.CompilerServices;
using Ops.Schemas;
using Ops.Specs;

namespace Ops.Cli.Execution;

/// <summary>Assemblies with ops of their own, which any command can be given.</summary>
internal static class OpLibraries
{
    /// <summary>The option that names them.</summary>
    public static Option<string[]> Option { get; } = new("--ops")
    {
        HelpName = "FILE.dll",
        Description = "An assembly that was built from specs of its own: its ops are known besides. May be given many times.",
        Arity = ArgumentArity.OneOrMore,
        Recursive = true,
    };

    /// <summary>Loads assemblies; their ops add themselves to <see cref="OpRegistry"/>.</summary>
    /// <exception cref="OpException">A file is no assembly, has no ops, or has ops that are known already.</exception>
    public static void Load(IEnumerable<string> files)
    {
        foreach (string file in files)
        {
            try
            {
                Assembly assembly = Assembly.LoadFrom(Path.GetFullPath(file));
                RuntimeHelpers.RunModuleConstructor(assembly.ManifestModule.ModuleHandle);
                if (!OpRegistry.All.Any(d => d.Infer.Method.Module.Assembly == assembly))
                    throw new OpException(file, "ops",
                        "it adds no ops; its project has to import Generators/UseGenerators.targets and to have specs");
            }
            catch (TypeInitializationException e)
            {
                throw new OpException(file, "ops", (e.InnerException ?? e).Message);
            }
            catch (Exception e) when (e is IOException or BadImageFormatException or UnauthorizedAccessException
                or System.Security.SecurityException)
            {
                throw new OpException(file, "ops", $"it cannot be loaded: {e.Message}");
            }
        }
    }
}
