using Ops.Specs.Syntax;

namespace Ops.Specs.Binding;

/// <summary>How a spec names the op it is like: by name, or by domain and name where several domains have an op of that name.</summary>
internal static class LikeName
{
    /// <summary>The domain, null for any, and the name.</summary>
    public static (string? Domain, string Name) Of(string like) =>
        like.LastIndexOf('.') is var dot && dot < 0 ? (null, like) : (like.Substring(0, dot), like.Substring(dot + 1));

    /// <summary>Whether a file is the one that is meant.</summary>
    public static bool Fits(string like, SpecSyntax file) =>
        Of(like) is var (domain, name) && file.OpName == name && (domain is null || file.Domain == domain);
}
