using Ops.Specs.Types;

namespace Ops.Generators.Emit;

/// <summary>Which C# type stores an element type, and which one kernels compute in.</summary>
internal static class ElementDispatch
{
    /// <summary>The C# type of a tensor's elements in the typed methods; null when there is none.</summary>
    public static string? ClrType(ElementType type) => type switch
    {
        ElementType.Float => "float",
        ElementType.Double => "double",
        ElementType.Float16 => "Half",
        ElementType.BFloat16 => "BFloat16",
        ElementType.Int8 => "sbyte",
        ElementType.Int16 => "short",
        ElementType.Int32 => "int",
        ElementType.Int64 => "long",
        ElementType.UInt8 => "byte",
        ElementType.UInt16 => "ushort",
        ElementType.UInt32 => "uint",
        ElementType.UInt64 => "ulong",
        ElementType.Bool => "bool",
        _ => null,
    };

    /// <summary>Storage and compute type of a kernel: 16-bit floats compute in float, bools as bytes of 0 and 1. Null when kernels do not
    /// take the type.</summary>
    public static (string Storage, string Compute)? Kernel(ElementType type) => type switch
    {
        ElementType.Float16 => ("Half", "float"),
        ElementType.BFloat16 => ("BFloat16", "float"),
        ElementType.Bool => ("byte", "byte"),
        _ => ClrType(type) is { } clr ? (clr, clr) : null,
    };

    /// <summary>Writes a switch over the element type of an operand, a case for each type kernels take.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="op">The op, for messages.</param>
    /// <param name="operand">The operand.</param>
    /// <param name="allowed">The types the spec allows.</param>
    /// <param name="statement">The statement for elements stored as one type and computed in another.</param>
    public static void Switch(CodeWriter writer, string op, string operand, IEnumerable<ElementType> allowed,
        Func<string, string, string> statement)
    {
        using (writer.Block($"switch ({operand}.Type)"))
        {
            var cases = allowed.Distinct().OrderBy(t => (int)t).Where(t => Kernel(t) is not null)
                .GroupBy(t => statement(Kernel(t)!.Value.Storage, Kernel(t)!.Value.Compute));
            foreach (IGrouping<string, ElementType> group in cases)
            {
                foreach (ElementType type in group)
                    writer.Line($"case ElementType.{type}:");
                writer.Line("    " + group.Key);
                writer.Line("    break;");
            }
            writer.Line("default:");
            writer.Line($"    throw KernelErrors.UnsupportedType({CodeWriter.Quote(op)}, {operand}.Type);");
        }
    }
}
