using System.Collections.Concurrent;
using Ops.Specs.Modifiers;
using Ops.Specs.Types;

namespace Ops.Modifiers;

/// <summary>A modifier for given extents, ready to run on tiles. Immutable but for programs it makes when they are first needed; any number
/// of threads may use it.</summary>
internal sealed class CompiledModifier
{
    /// <summary>Programs without some of the tests, at most; beyond that the one with all tests runs.</summary>
    private const int MaxVariants = 32;

    private const int MaxGuards = 12;

    /// <summary>What a program without tests may need beyond the one with all: tables of its own.</summary>
    private const int Reserve = 1 << 16;

    private readonly ModifierExpr[] guards;
    private readonly TileClassifier? classifier;
    private readonly ModifierExpr hidden, visible;
    private readonly ConcurrentDictionary<ModifierExpr, TileProbe?> probes = [];
    private readonly ConcurrentDictionary<long, int> variants = [];
    private TileProgram[] programs;
    private readonly IReadOnlyList<ElementType> rounding;
    private readonly IReadOnlyList<ModifierExpr> reductions;
    private readonly OperandPlan? operands;
    private readonly long owner = SelectionMemo.NewOwner();

    /// <param name="program">The analysed modifier; its dims are known.</param>
    /// <param name="root">The expression to run: the program's, or one it needs first.</param>
    /// <param name="isDouble">Whether lanes are double, not float.</param>
    /// <param name="rounding">The types to which scores are rounded before anything else.</param>
    /// <param name="reductions">The numbers of rows that the kernel brings.</param>
    /// <param name="operands">What calls bring besides; null for nothing.</param>
    /// <exception cref="ModifierException">Vectors cannot have what the expression needs.</exception>
    public CompiledModifier(
        ModifierProgram program, ModifierExpr root, bool isDouble, IReadOnlyList<ElementType> rounding,
        IReadOnlyList<ModifierExpr>? reductions = null, OperandPlan? operands = null)
    {
        Program = program;
        Root = root;
        IsDouble = isDouble;
        this.rounding = rounding;
        this.reductions = reductions ?? [];
        this.operands = operands;
        ModifierUses uses = BesideScore(root);
        (UsesBatch, UsesHead) = ((uses & ModifierUses.Batch) != 0, (uses & ModifierUses.Head) != 0);
        guards = [.. ModifierGuards.TestsOf(root).Take(MaxGuards)];
        programs = [Compile(root)];
        hidden = program.IsProbability ? program.Exprs.Truth(false) : ModifierVisibility.Hidden(program.Exprs, root);
        visible = program.Exprs.Not(hidden);
        IsSelective = program.Tier == ModifierTier.Selective;
        if (IsSelective || guards.Length > 0)
            classifier = new TileClassifier(root,
                program.IsProbability ? ModifierProgram.Probabilities : Intervals.FiniteScores(program.Type), guards);
    }

    /// <summary>The analysed modifier.</summary>
    public ModifierProgram Program { get; }

    /// <summary>The expression.</summary>
    public ModifierExpr Root { get; }

    /// <summary>Whether lanes are double, not float.</summary>
    public bool IsDouble { get; }

    /// <summary>Whether tiles may be left out.</summary>
    public bool IsSelective { get; }

    /// <summary>Whether <see cref="Select"/> may give anything but all keys and program 0.</summary>
    public bool IsChosen => classifier is not null;

    /// <summary>Whether it is not the same for every sequence.</summary>
    public bool UsesBatch { get; }

    /// <summary>Whether it is not the same for every head.</summary>
    public bool UsesHead { get; }

    /// <summary>Whether scores are made -inf by tests or infinities of the graph, not by what arithmetic might come to.</summary>
    public bool IsMask => IsSelective && ModifierVisibility.IsMask(hidden);

    /// <summary>The program of a number that <see cref="Select"/> gave; 0 holds for every tile.</summary>
    public TileProgram this[int number] => Volatile.Read(ref programs)[number];

    /// <summary>The bytes of memory that any program works with.</summary>
    public long WorkBytes<V, C>()
        where V : struct, Simd.ISimd<V, C>
        where C : unmanaged => TileMachine<V, C>.WorkBytes(this[0]) + Reserve;

    /// <summary>The tests that a tile may decide as a whole.</summary>
    public IReadOnlyList<ModifierExpr> Tests => guards;

    /// <summary>Trims a range of keys to those that any row of a panel may see, in steps of a group of keys.</summary>
    /// <param name="batch">The sequence.</param>
    /// <param name="heads">The heads of the panel.</param>
    /// <param name="queries">The queries of the panel.</param>
    /// <param name="low">The first key.</param>
    /// <param name="high">The end.</param>
    /// <param name="step">A group of keys; low is a multiple of it.</param>
    /// <param name="call">What the call brings besides; null for nothing.</param>
    /// <param name="isFull">Whether every row sees every key that is left.</param>
    /// <returns>The number of the program for these keys; negative if none is seen.</returns>
    public int Select(int batch, Interval heads, Interval queries, ref int low, ref int high, int step, CallOperands? call, out bool isFull)
    {
        isFull = !IsSelective;
        if (classifier is null) return 0;
        var panel = new SelectionPanel(call?.Owner ?? owner, UsesBatch ? batch : 0, UsesHead ? (int)heads.Low : 0,
            UsesHead ? (int)heads.High : 0, (int)queries.Low, (int)queries.High, step, low / SelectionMemo.Keys);
        ref Selection known = ref SelectionMemo.Of(in panel, low);
        if (!known.Answers(low, high))
        {
            (int from, int to) = (low, high);
            int number = Choose(classifier, batch, heads, queries, ref low, ref high, step, call, out isFull);
            known = new Selection(from, to, low, high, number, isFull);
            return number;
        }
        (low, high, isFull) = (known.Low, known.High, known.IsFull);
        return known.Number;
    }

    /// <summary>By intervals as far as they go, and by the test itself where they leave it open.</summary>
    private int Choose(TileClassifier classifier, int batch, in Interval heads, in Interval queries, ref int low, ref int high, int step,
        CallOperands? call, out bool isFull)
    {
        Span<byte> answers = stackalloc byte[guards.Length];
        isFull = !IsSelective;
        var look = new TileLook(classifier, batch, heads, queries, call);
        if (IsSelective && !KeyTrimming.Run(ref look, ref low, ref high, step)) return -1;
        if (guards.Length == 0 && hidden.IsConstant) return 0;
        isFull |= look.Of(new Interval(low, high - 1), answers).Low > double.NegativeInfinity;
        if (!isFull && Probe(hidden) is { } probe)
        {
            var sight = new TileSight(batch, heads, queries, step, call);
            int before = low + high;
            if (!sight.Trim(probe, ref low, ref high, out isFull)) return -1;
            if (low + high != before) look.Of(new Interval(low, high - 1), answers);
            if (isFull)
                for (int i = 0; i < guards.Length; i++)
                    if (answers[i] == 2) answers[i] = Answer(guards[i], in sight, low, high);
        }
        return guards.Length == 0 ? 0 : Variant(answers);
    }

    /// <summary>What a test gives for keys that every row sees: 0 for false, 1 for true, 2 for both.</summary>
    private byte Answer(ModifierExpr test, in TileSight sight, int low, int high) =>
        ReferenceEquals(test, hidden) ? (byte)0
        : ReferenceEquals(test, visible) ? (byte)1
        : Probe(test) is { } probe ? sight.Of(probe, low, high)
        : (byte)2;

    /// <summary>What works a test out; null where vectors cannot.</summary>
    private TileProbe? Probe(ModifierExpr test) => test.IsConstant ? null : probes.TryGetValue(test, out TileProbe? known) ? known
        : probes.GetOrAdd(test, t =>
        {
            try
            {
                return new TileProbe(Compile(t));
            }
            catch (ModifierException)
            {
                return null;
            }
        });

    private int Variant(ReadOnlySpan<byte> answers)
    {
        long number = 0;
        bool any = false;
        for (int i = 0; i < guards.Length; i++)
        {
            number = number * 3 + answers[i];
            any |= answers[i] != 2;
        }
        if (!any) return 0;
        if (variants.TryGetValue(number, out int known)) return known;
        if (variants.Count >= MaxVariants) return 0;
        lock (Program.Exprs)
        {
            if (variants.TryGetValue(number, out known)) return known;
            if (Without(answers[..guards.Length].ToArray()) is not { } made) return variants[number] = 0;
            Volatile.Write(ref programs, [.. programs, made]);
            return variants[number] = programs.Length - 1;
        }
    }

    /// <summary>The program without the tests that are decided; null where vectors cannot have it, since a test may also be what bounds a
    /// number.</summary>
    private TileProgram? Without(byte[] decided)
    {
        try
        {
            TileProgram made = Compile(Program.Exprs.Rewrite(Root,
                e => Array.IndexOf(guards, e) is >= 0 and var i && decided[i] != 2 ? Program.Exprs.Truth(decided[i] == 1) : null));
            return WorkBytes(made) <= WorkBytes(programs[0]) + Reserve ? made : null;
        }
        catch (ModifierException)
        {
            return null;
        }

        // By the widest vectors.
        long WorkBytes(TileProgram program) =>
            IsDouble ? TileMachine<Simd.Simd512<double>, double>.WorkBytes(program)
                : TileMachine<Simd.Simd512<float>, float>.WorkBytes(program);
    }

    private TileProgram Compile(ModifierExpr root)
    {
        lock (Program.Exprs)
            return TileCompiler.Compile(Program.Exprs, Tabulation.Of(Program.Exprs, root, Program.Score, IsDouble, operands), IsDouble,
                rounding, reductions);
    }

    /// <summary>What an expression depends on, were the score the same everywhere.</summary>
    private static ModifierUses BesideScore(ModifierExpr root)
    {
        var seen = new HashSet<ModifierExpr>();
        return Of(root);

        ModifierUses Of(ModifierExpr e) => !seen.Add(e) || e.Op is ModifierOp.Read && e.Source!.Kind == ModifierTensorKind.Score
            ? ModifierUses.None
            : !e.HasScore ? e.Uses
            : e.Arguments.Aggregate(ModifierUses.None, (uses, a) => uses | Of(a));
    }
}
