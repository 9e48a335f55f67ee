using Ops.Graphs;
using Ops.Kernels;
using Ops.Modifiers;
using Ops.Specs.Modifiers;
using Ops.Specs.Types;
using Ops.Tensors;

namespace Ops.Tests.Modifiers;

/// <summary>Which keys of which tiles are left out: in every spelling those that no row sees, and no others.</summary>
[TestClass]
public sealed class SparsityTests
{
    private const int Queries = 300, Keys = 600, Rows = 14, Cell = 256, Step = 32;

    /// <summary>Writes numbers in one spelling of positions.</summary>
    private sealed record Writer(GraphWriter Graph, Positions Positions, FlexCase Case)
    {
        public string Query => Positions.Along(Graph, Case, 2);

        public string Key => Positions.Along(Graph, Case, 3);

        public string this[string op, string x, double y] => Graph[op, x, Number(y)];

        public string this[string op, string x, string y] => Graph[op, x, y];

        public string Number(double value) => Graph.Number(value, Positions.Type);

        public string Quotient(string x, double y) => Positions.Type.IsFloat() ? Graph["Floor", this["Div", x, y]] : this["Div", x, y];

        public string Rest(string x, double y) => Graph.Op("Mod", [x, Number(y)], ("fmod", Positions.Type.IsFloat() ? 1L : 0L));

        public string Magnitude(string x) => Graph["Abs", x];

        public string At(string table, string x) => Graph["Gather", table, Graph.Cast(x, ElementType.Int64)];

        public string All(params string[] tests) => tests.Aggregate((x, y) => Graph["And", x, y]);

        public string Any(params string[] tests) => tests.Aggregate((x, y) => Graph["Or", x, y]);
    }

    private static readonly long[] s_documents = [.. Enumerable.Range(0, Keys).Select(n => new long[] { 4, 1, 7, 0, 3, 6, 2 }[n / 95])],
        s_starts = [.. Enumerable.Range(0, Keys).Select(n => n / 95 * 95L)],
        s_blocks = [.. Enumerable.Range(0, 5 * 10).Select(n => n * n % 7 < 2 ? 1L : 0)];

    private static readonly Dictionary<string, (Func<int, int, bool> Formula, Func<Writer, string> Graph)> s_masks = new()
    {
        ["causal"] = ((i, j) => j <= i, w => w["LessOrEqual", w.Key, w.Query]),
        ["window"] = ((i, j) => j <= i && i - j < 40, w => w.All(w["LessOrEqual", w.Key, w.Query],
            w["Less", w["Sub", w.Query, w.Key], 40])),
        ["square of the distance"] = ((i, j) => (i - j) * (i - j) <= 900, w =>
        {
            string d = w["Sub", w.Query, w.Key];
            return w["LessOrEqual", w["Mul", d, d], 900];
        }),
        ["shifted windows of a plane"] = ((i, j) => ShiftedWindow(i) == ShiftedWindow(j), w =>
        {
            string Of(string x) => w["Add", w["Mul", w.Quotient(w.Rest(w["Add", w.Quotient(x, 20), 4], 30), 8), 4],
                w.Quotient(w.Rest(w["Add", w.Rest(x, 20), 4], 20), 8)];
            return w["Equal", Of(w.Query), Of(w.Key)];
        }),
        ["neighbours in a plane"] = ((i, j) => Math.Abs(i / 60 - j / 60) <= 1 && Math.Abs(i % 60 - j % 60) <= 5, w => w.All(
            w["LessOrEqual", w.Magnitude(w["Sub", w.Quotient(w.Query, 60), w.Quotient(w.Key, 60)]), 1],
            w["LessOrEqual", w.Magnitude(w["Sub", w.Rest(w.Query, 60), w.Rest(w.Key, 60)]), 5])),
        ["a disc in a plane"] = ((i, j) => Square(i / 30 - j / 30) + Square(i % 30 - j % 30) <= 9, w =>
        {
            string x = w["Sub", w.Rest(w.Query, 30), w.Rest(w.Key, 30)], y = w["Sub", w.Quotient(w.Query, 30), w.Quotient(w.Key, 30)];
            return w["LessOrEqual", w["Add", w["Mul", x, x], w["Mul", y, y]], 9];
        }),
        ["block diffusion"] = ((i, j) =>
        {
            bool clean = i >= 150, cleanKey = j >= 150;
            int block = (clean ? i - 150 : i) / 16, keyBlock = (cleanKey ? j - 150 : j) / 16;
            return block == keyBlock && clean == cleanKey || block > keyBlock && cleanKey && !clean
                || block >= keyBlock && clean && cleanKey;
        }, w =>
        {
            string clean = w["GreaterOrEqual", w.Query, 150], cleanKey = w["GreaterOrEqual", w.Key, 150];
            string Block(string x, string isClean) => w.Quotient(w.Graph["Where", isClean, w["Sub", x, 150], x], 16);
            string block = Block(w.Query, clean), keyBlock = Block(w.Key, cleanKey);
            return w.Any(w.All(w["Equal", block, keyBlock], w["Equal", clean, cleanKey]),
                w.All(w["Greater", block, keyBlock], cleanKey, w.Graph["Not", clean]),
                w.All(w["GreaterOrEqual", block, keyBlock], clean, cleanKey));
        }),
        ["documents that do not ascend"] = ((i, j) => s_documents[i] == s_documents[j], w =>
        {
            string table = w.Graph.Long(s_documents);
            return w["Equal", w.At(table, w.Query), w.At(table, w.Key)];
        }),
        ["causal in documents from their starts"] = ((i, j) => s_starts[i] == s_starts[j] && j - s_starts[j] <= i - s_starts[i], w =>
        {
            string documents = w.Graph.Long(s_documents), starts = w.Graph.Long([.. s_starts.Select(s => s)]);
            string Own(string x) => w["Sub", w.Graph.Cast(x, ElementType.Int64), w.At(starts, x)];
            return w.All(w["Equal", w.At(documents, w.Query), w.At(documents, w.Key)], w["LessOrEqual", Own(w.Key), Own(w.Query)]);
        }),
        ["blocks of a table"] = ((i, j) => s_blocks[i / 60 * 10 + j / 60] != 0, w => w.Graph.Cast(w.At(w.Graph.Long(s_blocks),
            w["Add", w["Mul", w.Quotient(w.Query, 60), 10], w.Quotient(w.Key, 60)]), ElementType.Bool)),
        ["windows, strides and global tokens"] = ((i, j) => Math.Abs(i - j) <= 9 || j < 3 || i < 3 || j % 128 >= 120 && j <= i, w => w.Any(
            w["LessOrEqual", w.Magnitude(w["Sub", w.Query, w.Key]), 9], w["Less", w.Key, 3], w["Less", w.Query, 3],
            w.All(w["GreaterOrEqual", w.Rest(w.Key, 128), 120], w["LessOrEqual", w.Key, w.Query]))),
        ["every seventh key of a window"] = ((i, j) => j <= i && i - j < 50 && (i - j) % 7 == 0, w =>
        {
            string d = w["Sub", w.Query, w.Key];
            return w.All(w["LessOrEqual", w.Key, w.Query], w["Less", d, 50], w["Equal", w.Rest(w["Add", d, 700], 7), 0]);
        }),
    };

    private static readonly Dictionary<string, Func<GraphWriter, string, string>> s_applied = new()
    {
        ["where"] = (w, seen) => w["Where", seen, w["Mul", w.Score, w.Number(0.5)], w.Number(double.NegativeInfinity)],
        ["added"] = (w, seen) => w["Add", w.Score, w["Where", w["Not", seen], w.Number(double.NegativeInfinity), w.Number(0)]],
        ["subtracted logarithm"] = (w, seen) => w["Sub", w.Score, w["Neg", w["Log", w.Cast(seen, w.Type)]]],
    };

    private static int Square(int x) => x * x;

    private static int ShiftedWindow(int n) => (n / 20 + 4) % 30 / 8 * 4 + (n % 20 + 4) % 20 / 8;

    public static IEnumerable<object[]> Names => s_masks.Keys.Select(name => new object[] { name });

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void The_keys_that_are_left_are_those_that_some_row_sees(string name)
    {
        var (formula, predicate) = s_masks[name];
        var shape = new FlexCase { Queries = Queries, Keys = Keys };
        foreach (Positions positions in Positions.All)
            foreach (var (applied, apply) in s_applied)
            {
                var w = new GraphWriter(ElementType.Float);
                Graph graph = w.Build(apply(w, predicate(new Writer(w, positions, shape))));
                AttentionModifiers modifiers = ModifierCache.Get("FlexAttention", Call(ElementType.Float), graph, null);
                Assert.AreEqual(ModifierTier.Selective, modifiers.Tier);
                Check(modifiers.Scores!, null, formula, $"{name}, {positions}, {applied}");
            }
    }

    [TestMethod]
    public void Captures_hide_as_constants_do()
    {
        var w = new GraphWriter(ElementType.Double);
        w.Captures.AddRange(["documents", "starts"]);
        string i = Positions.All[0].Along(w, new FlexCase { Queries = Queries, Keys = Keys }, 2), starts = w["Gather", "starts", i];
        string j = Positions.All[0].Along(w, new FlexCase { Queries = Queries, Keys = Keys }, 3);
        Graph graph = w.Build(w["Where", w["And", w["Equal", w["Gather", "documents", i], w["Gather", "documents", j]],
            w["LessOrEqual", w["Sub", j, w["Gather", "starts", j]], w["Sub", i, starts]]], w.Score, w.Number(double.NegativeInfinity)]);
        TensorValue documents = TensorValue.From<long>(s_documents, Keys), from = TensorValue.From<long>(s_starts, Keys);
        var (modifiers, operands) = ModifierCache.Bind("FlexAttention", Call(ElementType.Double), graph, null,
            [Operand(documents), Operand(from)]);
        Assert.IsNotNull(operands);
        Check(modifiers.Scores!, operands, s_masks["causal in documents from their starts"].Formula, "captured");
        GC.KeepAlive((documents, from));
    }

    [TestMethod]
    public void What_depends_on_the_score_hides_nothing()
    {
        foreach (Func<GraphWriter, string, string> write in new Func<GraphWriter, string, string>[]
        {
            // The sign of the score decides; a cap after the mask; 0 times the score; a mask that is finite.
            (w, hidden) => w["Div", w.Score, w["Where", hidden, w.Number(0), w.Number(1)]],
            (w, hidden) => w["Tanh", w["Where", hidden, w.Number(double.NegativeInfinity), w.Score]],
            (w, hidden) => w["Where", w["And", hidden, w["Less", w.Score, w.Number(0)]], w.Number(double.NegativeInfinity), w.Score],
            (w, hidden) => w["Where", hidden, w.Number(-1e4), w.Score],
            (w, hidden) => w["Max", w["Where", hidden, w.Number(double.NegativeInfinity), w.Number(0)], w.Score],
            // -inf + inf is NaN, which has to stay one.
            (w, hidden) => w["Add", w["Where", hidden, w.Number(double.NegativeInfinity), w.Score],
                w["Where", hidden, w.Number(double.PositiveInfinity), w.Number(0)]],
        })
        {
            var w = new GraphWriter(ElementType.Float);
            var shape = new FlexCase { Queries = Queries, Keys = Keys };
            Graph graph = w.Build(write(w, w["Greater", Positions.All[0].Along(w, shape, 3), Positions.All[0].Along(w, shape, 2)]));
            AttentionModifiers modifiers = ModifierCache.Get("FlexAttention", Call(ElementType.Float), graph, null);
            for (int query = 0; query < Queries; query += Rows)
                for (int cell = 0; cell < Keys; cell += Cell)
                {
                    int low = cell, high = Math.Min(cell + Cell, Keys);
                    Assert.IsGreaterThanOrEqualTo(0, modifiers.Scores!.Select(0, new Interval(0, 0), new Interval(query, query + Rows - 1),
                        ref low, ref high, Step, null, out _));
                    Assert.AreEqual((cell, Math.Min(cell + Cell, Keys)), (low, high));
                }
        }
    }

    private static ModifierCall Call(ElementType type) => new(1, 1, Queries, Keys, type, type);

    private static unsafe Operand Operand(TensorValue value) => new((byte*)value.Pointer, value.Type, value.Dims);

    private static void Check(CompiledModifier scores, CallOperands? operands, Func<int, int, bool> isSeen, string what)
    {
        for (int query = 0; query < Queries; query += Rows)
            for (int cell = 0; cell < Keys; cell += Cell)
            {
                int last = Math.Min(query + Rows, Queries) - 1, end = Math.Min(cell + Cell, Keys), low = cell, high = end,
                    number = scores.Select(0, new Interval(0, 0), new Interval(query, last), ref low, ref high, Step, operands,
                        out bool isFull);
                int first = int.MaxValue, beyond = 0;
                for (int j = cell; j < end; j++)
                    if (Enumerable.Range(query, last - query + 1).Any(i => isSeen(i, j))) (first, beyond) = (Math.Min(first, j), j + 1);
                Assert.AreEqual(beyond > 0, number >= 0, $"{what}: rows from {query}, keys from {cell}");
                if (number < 0) continue;
                first = cell + (first - cell) / Step * Step;
                beyond = Math.Min(end, cell + (beyond - cell + Step - 1) / Step * Step);
                Assert.AreEqual((first, beyond), (low, high), $"{what}: rows from {query}, keys from {cell}");
                bool all = true;
                for (int j = low; j < high; j++) all &= Enumerable.Range(query, last - query + 1).All(i => isSeen(i, j));
                Assert.AreEqual(all, isFull, $"{what}: rows from {query}, keys {low} to {high}");
            }
    }
}
