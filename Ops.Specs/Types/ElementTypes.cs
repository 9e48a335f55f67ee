using Ops.Specs.Collections;

namespace Ops.Specs.Types;

/// <summary>Names, sets and properties of element types.</summary>
public static class ElementTypes
{
    private static readonly ElementType[] Floats = [ElementType.BFloat16, ElementType.Float16, ElementType.Float, ElementType.Double];

    private static readonly ElementType[] Integers =
    [
        ElementType.UInt8, ElementType.UInt16, ElementType.UInt32, ElementType.UInt64,
        ElementType.Int8, ElementType.Int16, ElementType.Int32, ElementType.Int64,
    ];

    private static readonly ElementType[] AllIr4 =
        [.. Integers, .. Floats, ElementType.String, ElementType.Bool, ElementType.Complex64, ElementType.Complex128];

    private static readonly ElementType[] Float8 =
        [ElementType.Float8E4M3FN, ElementType.Float8E4M3FNUZ, ElementType.Float8E5M2, ElementType.Float8E5M2FNUZ];

    /// <summary>The names of single element types in specs, as ONNX writes them inside <c>tensor(...)</c>.</summary>
    public static IReadOnlyDictionary<string, ElementType> Names { get; } =
        Enum.GetValues(typeof(ElementType)).Cast<ElementType>().Where(t => t != ElementType.Undefined)
            .ToDictionary(t => t.ToString().ToLowerInvariant(), t => t);

    /// <summary>The names of sets of element types in specs; <c>irN</c> is the ONNX IR version that brought the newest members.</summary>
    public static IReadOnlyDictionary<string, EquatableArray<ElementType>> Sets { get; } = MakeSets();

    /// <summary>The name of <paramref name="type"/> in specs and messages, for instance <c>bfloat16</c>.</summary>
    public static string Name(this ElementType type) => type == ElementType.Undefined ? "unknown" : type.ToString().ToLowerInvariant();

    /// <summary>How many bits one element takes; 0 for strings and unknown types.</summary>
    public static int Bits(this ElementType type) => type switch
    {
        ElementType.UInt2 or ElementType.Int2 => 2,
        ElementType.UInt4 or ElementType.Int4 or ElementType.Float4E2M1 => 4,
        ElementType.UInt8 or ElementType.Int8 or ElementType.Bool or ElementType.Float8E8M0 => 8,
        ElementType.Float8E4M3FN or ElementType.Float8E4M3FNUZ or ElementType.Float8E5M2 or ElementType.Float8E5M2FNUZ => 8,
        ElementType.UInt16 or ElementType.Int16 or ElementType.Float16 or ElementType.BFloat16 => 16,
        ElementType.Float or ElementType.Int32 or ElementType.UInt32 => 32,
        ElementType.Double or ElementType.Int64 or ElementType.UInt64 or ElementType.Complex64 => 64,
        ElementType.Complex128 => 128,
        _ => 0,
    };

    /// <summary>Whether <paramref name="type"/> is one of the 8- to 64-bit integers.</summary>
    public static bool IsInteger(this ElementType type) => Array.IndexOf(Integers, type) >= 0;

    /// <summary>Whether <paramref name="type"/> is float, double, float16 or bfloat16.</summary>
    public static bool IsFloat(this ElementType type) => Array.IndexOf(Floats, type) >= 0;

    private static Dictionary<string, EquatableArray<ElementType>> MakeSets()
    {
        ElementType[] ir9 = [.. Float8];
        ElementType[] ir10 = [.. ir9, ElementType.UInt4, ElementType.Int4];
        ElementType[] ir11 = [.. ir10, ElementType.Float4E2M1];
        ElementType[] ir12 = [.. ir11, ElementType.Float8E8M0];
        ElementType[] ir13 = [.. ir12, ElementType.UInt2, ElementType.Int2];
        return new Dictionary<string, EquatableArray<ElementType>>
        {
            ["integer_ir4"] = [.. Integers],
            ["float_ir4"] = [.. Floats],
            ["numeric_ir4"] = [.. Integers, .. Floats],
            ["all_ir4"] = [.. AllIr4],
            ["all_ir9"] = [.. AllIr4, .. ir9],
            ["all_ir10"] = [.. AllIr4, .. ir10],
            ["all_ir11"] = [.. AllIr4, .. ir11],
            ["all_ir12"] = [.. AllIr4, .. ir12],
            ["all_ir13"] = [.. AllIr4, .. ir13],
        };
    }
}
