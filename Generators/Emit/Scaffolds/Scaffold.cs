using Ops.Specs.Model;
using Ops.Specs.Types;

namespace Ops.Generators.Emit.Scaffolds;

/// <summary>
/// Writes what surrounds the hand-written part of a kernel: the declaration of the body, the struct that hands it to the loops of its
/// pattern, and the dispatch over element types.
/// </summary>
internal abstract class Scaffold(OpFamily family)
{
    /// <summary>What every body is generic over.</summary>
    protected const string Vector = "where V : struct, ISimd<V, T> where T : unmanaged";

    /// <summary>The newest version, whose ports the kernel has.</summary>
    protected OpModel Newest { get; } = family.Versions[family.Versions.Count - 1];

    /// <summary>The scaffold of an op's kernel; null when it has none.</summary>
    public static Scaffold? For(OpFamily family) => family.Versions[family.Versions.Count - 1].Kernel?.Pattern switch
    {
        "elementwise" => new ElementwiseScaffold(family),
        "rows" => new RowsScaffold(family),
        "reduce" => new ReduceScaffold(family),
        "attention" => new AttentionScaffold(family),
        "contraction" => new ContractionScaffold(family),
        "view" => new ViewScaffold(family),
        "grouped" or "experts" => new GroupedScaffold(family),
        "manual" or "recurrence" or "convolution" => new ManualScaffold(family),
        _ => null,
    };

    /// <summary>Whether the kernel takes constants in a form of its own, which it makes of them once.</summary>
    public virtual bool Packs => false;

    /// <summary>Writes the members.</summary>
    public abstract void Emit(CodeWriter writer);

    /// <summary>The element types a port may have in any version.</summary>
    protected IEnumerable<ElementType> TypesOf(int input)
    {
        string name = Newest.Inputs[input].Name;
        return family.Versions.SelectMany(v => v.Inputs.Where(p => p.Name == name).SelectMany(p => PortTypes.ElementsOf(p.Type))
            .SelectMany(e => e switch
        {
            FixedElement f => [f.Type],
            VariableElement variable => v.Types.Where(t => t.Name == variable.Name).SelectMany(t => t.Allowed),
            _ => Enumerable.Empty<ElementType>(),
        }));
    }

    /// <summary>The element type of a port when it is fixed.</summary>
    protected static ElementType? FixedType(Port port) =>
        PortTypes.ElementsOf(port.Type).FirstOrDefault() is FixedElement f ? f.Type : null;

    /// <summary>Declares the hand-written part: a partial class whose constraints need not be repeated, and its methods.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="optimization">How the methods are compiled: small ones are inlined into the loops, those with loops of their own never
    /// start in the slow tier.</param>
    /// <param name="methods">What each does, and its declaration.</param>
    protected void Body(CodeWriter writer, string optimization, params (string Summary, string Declaration)[] methods)
    {
        writer.Line();
        writer.Doc("summary",
            $"The part of the kernel that is written by hand, in Kernels/{Newest.Name}.cs: for every vector width and element type at once.");
        using (writer.Block($"private static partial class Body<V, T> {Vector}"))
        {
            for (int i = 0; i < methods.Length; i++)
            {
                if (i > 0)
                    writer.Line();
                writer.Doc("summary", methods[i].Summary);
                writer.Line($"[MethodImpl(MethodImplOptions.{optimization})]");
                writer.Line($"public static partial {methods[i].Declaration};");
            }
        }
    }

    /// <summary>Writes the struct that carries the arguments to the loops.</summary>
    protected static CodeWriter.Scope KernelStruct(CodeWriter writer, string name, string contract)
    {
        writer.Line();
        CodeWriter.Scope scope = writer.Block($"private readonly struct {name}(Args arguments) : {contract}");
        writer.Line("private readonly Args args = arguments;");
        return scope;
    }

    /// <summary>The head of the method that runs the kernel.</summary>
    protected static CodeWriter.Scope Execute(CodeWriter writer)
    {
        writer.Line();
        return writer.Block("private static void Execute(in Args args, ReadOnlySpan<Operand> inputs, ReadOnlySpan<Operand> outputs)");
    }

    /// <summary>The head of the method that packs constants.</summary>
    protected static CodeWriter.Scope Pack(CodeWriter writer)
    {
        writer.Line();
        writer.Doc("summary", "Packs the inputs that are given, which are constants.");
        return writer.Block("private static PackedOperand?[] Pack(in Args args, ReadOnlySpan<Operand> inputs)");
    }
}
