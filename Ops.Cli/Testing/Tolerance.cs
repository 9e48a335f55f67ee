using Ops.Specs.Types;

namespace Ops.Cli.Testing;

/// <summary>How far a number may be from the one wanted: <c>absolute + relative * |wanted|</c>.</summary>
/// <param name="Relative">The part that grows with the number.</param>
/// <param name="Absolute">The part that does not.</param>
internal readonly record struct Tolerance(double Relative, double Absolute)
{
    /// <summary>Exactly.</summary>
    public static Tolerance Exact => default;

    /// <summary>What an element type is granted; a test's own numbers come first.</summary>
    public static Tolerance For(ElementType type, TestSettings settings)
    {
        Tolerance usual = type switch
        {
            ElementType.Float or ElementType.Double or ElementType.Complex64 or ElementType.Complex128 => new(1e-3, 1e-5),
            ElementType.Float16 => new(1e-2, 2e-3),
            ElementType.BFloat16 => new(2e-2, 1e-2),
            _ => Exact,
        };
        return usual == Exact ? usual : new(settings.Relative ?? usual.Relative, settings.Absolute ?? usual.Absolute);
    }
}
