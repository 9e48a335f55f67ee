namespace Ops.Kernels;

/// <summary>Which keys each row sees by a rule of the call's own: one interval.</summary>
internal abstract class KeyRule
{
    /// <summary>Whether heads see different keys.</summary>
    public abstract bool IsByHead { get; }

    /// <summary>The first key that a row sees, and the end; both may lie outside of the keys there are.</summary>
    public abstract (long From, long To) Of(int batch, int head, int query);
}
