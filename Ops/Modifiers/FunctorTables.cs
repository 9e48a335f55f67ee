using Ops.Simd;

namespace Ops.Modifiers;

/// <summary>The tables of a modifier written as a struct, for one call.</summary>
internal sealed unsafe class FunctorMemory(ModifierCall call)
{
    /// <summary>The most distances that are worked out once; beyond that each score works them out.</summary>
    private const long MaxDistances = 1 << 20;

    private readonly List<LaneTable> _tables = [];

    // What every row of every tile asks for.
    private (nint Start, long Length)[] _constants = [];
    private (nint Start, long OfHead)[] _distances = [];

    /// <summary>The extents.</summary>
    public ModifierCall Call { get; } = call;

    private readonly long _lastQuery = call.Queries - 1;

    /// <summary>How many distances there are.</summary>
    public long Distances { get; } = call.Queries + call.Keys - 1;

    /// <summary>Whether distances are worked out once.</summary>
    public bool HasDistances { get; } = call.Queries > 1 && call.Keys > 1 && call.Heads * (call.Queries + call.Keys) <= MaxDistances;

    /// <summary>The tables of a modifier.</summary>
    public static FunctorMemory Of<C, M>(ModifierCall call, in M functor)
        where C : unmanaged
        where M : struct, IScoreFunctor
    {
        var memory = new FunctorMemory(call);
        switch (Isa.Level)
        {
            case IsaLevel.Bits512: functor.Tabulate(new FunctorTables<Simd512<C>, C>(memory)); break;
            case IsaLevel.Bits256: functor.Tabulate(new FunctorTables<Simd256<C>, C>(memory)); break;
            case IsaLevel.Bits128: functor.Tabulate(new FunctorTables<Simd128<C>, C>(memory)); break;
            default: functor.Tabulate(new FunctorTables<Simd1<C>, C>(memory)); break;
        }
        return memory;
    }

    /// <summary>Adds a constant table.</summary>
    public C* AddConstant<C>(long length)
        where C : unmanaged
    {
        C* start = Allocate<C>(length);
        _constants = [.. _constants, ((nint)start, length)];
        return start;
    }

    /// <summary>Where the distances of a head go; the first head begins a table.</summary>
    public C* Distance<C>(int number, int head, bool byHead)
        where C : unmanaged
    {
        if (number == _distances.Length)
            _distances = [.. _distances, ((nint)Allocate<C>((byHead ? Call.Heads : 1) * Distances), byHead ? Distances : 0)];
        return (C*)_distances[number].Start + head * Distances;
    }

    private C* Allocate<C>(long length)
        where C : unmanaged
    {
        _tables.Add(LaneTable.Allocate(length, sizeof(C) == sizeof(double)));
        return (C*)_tables[^1].Data;
    }

    /// <summary>A constant table.</summary>
    public FunctorTable<V, C> Constant<V, C>(int number)
        where V : struct, ISimd<V, C>
        where C : unmanaged
    {
        ref readonly var table = ref _constants[number];
        return new((C*)table.Start, table.Length);
    }

    /// <summary>The distances of a row.</summary>
    public FunctorTable<V, C> Distance<V, C>(int number, int head, int query)
        where V : struct, ISimd<V, C>
        where C : unmanaged
    {
        ref readonly var table = ref _distances[number];
        return new((C*)table.Start + table.OfHead * head + (_lastQuery - query), Distances);
    }
}

/// <summary>Takes the tables of a modifier written as a struct.</summary>
public readonly unsafe struct FunctorTables<V, C>
    where V : struct, ISimd<V, C>
    where C : unmanaged
{
    private readonly FunctorMemory _memory;

    internal FunctorTables(FunctorMemory memory) => _memory = memory;

    /// <summary>How many heads have distances of their own; 0 where distances are worked out for each score.</summary>
    public int Heads => _memory.HasDistances ? (int)_memory.Call.Heads : 0;

    /// <summary>The row whose keys are the distances, counted from that of the first key to the last query.</summary>
    public FunctorPlace<V, C> Place(int head) => new(_memory, 0, head, (int)_memory.Call.Queries - 1);

    /// <summary>Takes a constant table.</summary>
    public void Constant(ReadOnlySpan<double> elements)
    {
        C* table = _memory.AddConstant<C>(elements.Length);
        for (int i = 0; i < elements.Length; i++) table[i] = V.First(V.Constant(elements[i]));
    }

    /// <summary>Takes what a row makes of every distance.</summary>
    /// <param name="number">The number of the table.</param>
    /// <param name="head">The head.</param>
    /// <param name="byHead">Whether every head has its own.</param>
    /// <param name="row">The row.</param>
    public void Distance<R>(int number, int head, bool byHead, in R row)
        where R : struct, IScoreRow<V, C>
    {
        if (!_memory.HasDistances) return;
        C* table = _memory.Distance<C>(number, head, byHead);
        int count = (int)_memory.Distances;
        for (int key = 0; key < count; key += V.Count)
            V.StorePartial(row.Apply(V.Zero, key, V.Indices + V.Constant(key)), table + key, int.Min(V.Count, count - key));
    }
}
