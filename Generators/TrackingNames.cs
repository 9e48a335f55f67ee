namespace Ops.Generators;

/// <summary>The names of the generator's steps, for tests of what an edit makes run again.</summary>
internal static class TrackingNames
{
    public const string Signatures = nameof(Signatures);
    public const string Bind = nameof(Bind);
    public const string Family = nameof(Family);
    public const string Emit = nameof(Emit);
    public const string Registry = nameof(Registry);
    public const string Blocking = nameof(Blocking);
}
