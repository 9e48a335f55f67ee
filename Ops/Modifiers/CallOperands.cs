using Ops.Specs.Modifiers;

namespace Ops.Modifiers;

/// <summary>What programs take from the captures of one call: their elements as lanes, and tables worked out of them, each made when it is
/// first read.</summary>
/// <remarks>Holds for the time of the call. Any number of its threads may ask.</remarks>
internal sealed class CallOperands
{
    private readonly OperandPlan plan;
    private readonly ModifierTensor[] captures;
    private readonly LaneTable?[] tables;
    private readonly TableBounds[] bounds;
    private readonly Lock gate = new();

    public CallOperands(OperandPlan plan, ModifierTensor[] captures)
    {
        (this.plan, this.captures) = (plan, captures);
        tables = new LaneTable?[captures.Length + OperandPlan.MaxTables];
        bounds = Array.ConvertAll(captures, c => new TableBounds(c, ModifierGraphs.IsLarge(c.Length)));
    }

    /// <summary>Who chooses what is left out in this call.</summary>
    public long Owner { get; } = SelectionMemo.NewOwner();

    /// <summary>What the elements of a capture can be, for any range of places.</summary>
    public TableBounds Bounds(int capture) => bounds[capture];

    /// <summary>The elements of an operand.</summary>
    public LaneTable Table(int number) => Volatile.Read(ref tables[number]) ?? Make(number);

    private LaneTable Make(int number)
    {
        // A table may be worked out of other operands.
        lock (gate)
        {
            if (tables[number] is { } made) return made;
            LaneTable table = number < captures.Length ? LaneTable.Of(captures[number], plan.IsDouble) : plan.Fill(number, this);
            Volatile.Write(ref tables[number], table);
            return table;
        }
    }
}
