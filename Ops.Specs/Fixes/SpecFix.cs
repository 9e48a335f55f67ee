using Ops.Specs.Collections;

namespace Ops.Specs.Fixes;

/// <summary>A change of a text file.</summary>
/// <param name="Path">The file, as findings name it.</param>
/// <param name="Start">Offset of the first character replaced.</param>
/// <param name="Length">How many characters are replaced; 0 inserts.</param>
/// <param name="NewText">What takes their place.</param>
public sealed record TextEdit(string Path, int Start, int Length, string NewText);

/// <summary>What repairs a finding.</summary>
/// <param name="Title">What is done, as a menu says it.</param>
/// <param name="Edits">The changes, which do not overlap.</param>
/// <param name="IsCertain">Whether there is nothing to decide or to write by hand: then it can be done without asking.</param>
public sealed record SpecFix(string Title, EquatableArray<TextEdit> Edits, bool IsCertain);
