using Ops.Specs.Collections;

namespace Ops.Specs.Model;

/// <summary>All versions of one op, oldest first.</summary>
/// <param name="Name">The op's name.</param>
/// <param name="Domain">Its domain.</param>
/// <param name="Path">Its spec file.</param>
/// <param name="Versions">The versions, by ascending <see cref="OpModel.Since"/>.</param>
public sealed record OpFamily(string Name, string Domain, string Path, EquatableArray<OpModel> Versions);

/// <summary>What others may see of an op: enough to check a call of it. Changing anything else about the op does not touch its
/// callers.</summary>
/// <param name="Name">The op's name.</param>
/// <param name="Domain">Its domain.</param>
/// <param name="Path">The file that declares it, as it was given to the front end.</param>
/// <param name="Versions">A signature per version, oldest first.</param>
public sealed record OpSignature(string Name, string Domain, string Path, EquatableArray<VersionSignature> Versions);

/// <summary>The signature of one version.</summary>
/// <param name="Since">The first opset version.</param>
/// <param name="Inputs">The inputs.</param>
/// <param name="Outputs">The outputs.</param>
/// <param name="Attributes">The attributes.</param>
public sealed record VersionSignature(
    int Since, EquatableArray<PortSignature> Inputs, EquatableArray<PortSignature> Outputs, EquatableArray<AttributeSignature> Attributes);

/// <summary>An input or output as a caller sees it.</summary>
public sealed record PortSignature(string Name, bool Optional, bool Variadic);

/// <summary>An attribute as a caller sees it.</summary>
public sealed record AttributeSignature(string Name, AttributeKind Kind, bool IsList, bool Required);
