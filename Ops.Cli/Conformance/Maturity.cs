namespace Ops.Cli.Conformance;

/// <summary>How far an op has come, by evidence alone.</summary>
/// <param name="Op">The op with its domain and version.</param>
/// <param name="Level">
/// 0: its spec binds. 1: its meaning runs, which is its body, or the kernel of a primitive. 2: the kernel equals the body on generated
/// cases; for a primitive nothing is to be shown. 3: no generated case that breaks a rule is accepted. 4: the meaning runs in a second
/// runtime with equal results.
/// </param>
/// <param name="Missing">What is missing for the next rung; empty at the top.</param>
/// <param name="Compared">How many outputs of kernel and body were compared.</param>
/// <param name="Unbroken">The rules that no generated case broke.</param>
internal sealed record Maturity(string Op, int Level, string Missing, int Compared, IReadOnlyList<string> Unbroken);
