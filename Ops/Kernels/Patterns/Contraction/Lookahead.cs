namespace Ops.Kernels;

/// <summary>What the innermost loop of a contraction fetches while it runs over a panel of B.</summary>
/// <param name="Distance">From the panel's first element to what is fetched at the first k.</param>
/// <param name="Step">From there to what is fetched at the next k.</param>
internal readonly record struct Lookahead(nint Distance, nint Step)
{
    /// <summary>How many bytes ahead a single pass fetches of what comes from memory or a distant cache.</summary>
    private const int Ahead = 8192;

    /// <summary>
    /// What one of several passes over a packed panel fetches of the panel that comes next: an even share, so that memory works all the
    /// time and not in the first pass only.
    /// </summary>
    /// <typeparam name="C">The elements.</typeparam>
    /// <param name="pass">Which pass.</param>
    /// <param name="passes">How many there are.</param>
    /// <param name="length">How many k.</param>
    /// <param name="width">Elements of a k.</param>
    /// <param name="next">From this panel to the next.</param>
    public static unsafe Lookahead Share<C>(int pass, int passes, nint length, int width, nint next)
        where C : unmanaged
    {
        if (passes == 1) return new Lookahead(Ahead / sizeof(C), width);
        nint share = (width + passes - 1) / passes;
        return new Lookahead(next + pass * length * share, share);
    }
}
