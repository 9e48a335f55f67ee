using FsCheck;
using FsCheck.Fluent;
using Ops.Specs.Symbolic;

namespace Ops.Tests.Symbolic;

/// <summary>The shape algebra against plain numbers: what it decides about symbols must hold for every value they can have.</summary>
[TestClass]
public sealed class DimTests
{
    private static readonly string[] Symbols = ["N", "M", "K"];

    /// <summary>An expression, built once over symbols and once over numbers.</summary>
    private sealed record Expression(string Text, Func<Func<string, Dim>, Dim> Build)
    {
        public Dim Symbolic { get; } = Build(Dim.Symbol);

        public Dim At(int[] values) => Build(name => values[Array.IndexOf(Symbols, name)]);

        public override string ToString() => Text;
    }

    private static Gen<Expression> Tree(int size)
    {
        Gen<Expression> leaf = Gen.OneOf(
            Gen.Elements(Symbols).Select(s => new Expression(s, v => v(s))),
            Gen.Choose(0, 4).Select(n => new Expression($"{n}", _ => n)));
        if (size <= 1)
            return leaf;
        Gen<Expression> part = Tree(size / 2);
        return Gen.OneOf(leaf,
            part.SelectMany(a => part.SelectMany(b => Gen.Elements("+", "-", "*", "/", "%", "min", "max", "floor", "ceil").Select(op =>
            new Expression($"({a} {op} {b})", v => Apply(op, a.Build(v), b.Build(v)))))));
    }

    private static Dim Apply(string op, Dim a, Dim b) => op switch
    {
        "+" => a + b,
        "-" => a - b,
        "*" => a * b,
        "/" => a / b,
        "%" => Dim.Floor(a) % Dim.Floor(b),
        "min" => Dim.Min(a, b),
        "max" => Dim.Max(a, b),
        "floor" => Dim.Floor(a / b),
        _ => Dim.Ceil(a / b),
    };

    private static readonly Arbitrary<(Expression A, Expression B, int[] Values)> Cases =
        (from a in Tree(8) from b in Tree(8) from values in Gen.ArrayOf(Gen.Choose(0, 7), Symbols.Length) select (a, b,
            values)).ToArbitrary();

    [TestMethod]
    public void What_is_decided_for_symbols_holds_for_numbers() => Prop.ForAll(Cases, c =>
    {
        Dim a = c.A.At(c.Values), b = c.B.At(c.Values);
        // Where an expression has no value at these numbers, nothing was promised about it.
        if (!a.IsKnown || !b.IsKnown)
            return true;
        bool Agrees(Truth symbolic, bool actual) => symbolic.IsTrue ? actual : !symbolic.IsFalse || !actual;
        return Agrees(c.A.Symbolic == c.B.Symbolic, a.Value == b.Value) && Agrees(c.A.Symbolic < c.B.Symbolic, a.Value < b.Value)
            && Agrees(c.A.Symbolic <= c.B.Symbolic, a.Value <= b.Value) && (!c.A.Symbolic.IsKnown || c.A.Symbolic.Value == a.Value);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(3000));

    [TestMethod]
    public void Equal_expressions_are_recognised()
    {
        Dim n = Dim.Symbol("N"), m = Dim.Symbol("M"), k = Dim.Symbol("K");
        Assert.IsTrue(((n + m) * k == k * m + n * k).IsTrue);
        Assert.IsTrue((n * m / m == n).IsTrue);
        Assert.IsTrue(((n * k + m * k) / (n + m) == k).IsTrue);
        Assert.IsTrue((n + 1 == n).IsFalse);
        Assert.IsTrue((n + 1 > n).IsTrue);
        Assert.IsTrue((n >= 0).IsTrue);
        Assert.IsTrue((n * m + 3 > 2).IsTrue);
        Assert.IsFalse((n > 0).IsTrue || (n > 0).IsFalse, "N may be 0");
        Assert.IsTrue((Dim.Floor(n / 2) == Dim.Floor(n / 2)).IsTrue);
        Assert.AreEqual("N + 1", (1 + n).ToString());
    }

    [TestMethod]
    public void Division_is_exact_and_becomes_an_error_only_where_it_is_used()
    {
        Dim half = (Dim)7 / 2;
        Assert.IsNull(half.Reason);
        Assert.AreEqual(7, (half * 2).Value);
        Assert.IsNotNull(half.AsExtent().Reason);
        Assert.AreEqual(3, Dim.Floor(half).Value);
        Assert.AreEqual(4, Dim.Ceil(half).Value);
        Assert.AreEqual(-4, Dim.Floor(-half).Value);
        Assert.IsNotNull(((Dim)1 / 0).Reason);
        Assert.IsTrue(((Dim)1 / 0 == 3).IsInvalid);
        Assert.IsNotNull(((Dim)long.MaxValue + 1).Reason);
        Assert.IsNotNull(((Dim)long.MinValue * -1).Reason);
        Assert.IsNotNull(((Dim)long.MinValue / -1).Reason);
        Assert.AreEqual(0, ((Dim)long.MinValue % -1).Value);
        Assert.AreEqual(2, ((Dim)(-1) % 3).Value);
        Assert.AreEqual(-1, ((Dim)5 % -3).Value);
    }

    [TestMethod]
    public void Unknown_is_no_error_and_false_is()
    {
        Assert.IsFalse((Dim.Unknown == 3).Fails);
        Assert.IsTrue((Truth.Unknown & false).IsFalse);
        Assert.IsTrue((Truth.Unknown | true).IsTrue);
        Assert.IsFalse((Truth.Unknown & true).Fails);
        Assert.IsTrue((Truth.Invalid("why") & true).Fails);
        Assert.IsTrue((Truth.Invalid("why") & false).IsFalse);
        Assert.IsTrue((!Truth.Invalid("why")).Fails);
        Assert.IsFalse((Truth.Unknown | Truth.Invalid("why")).Fails, "the unknown side may be true");
        Assert.IsTrue((Truth.Unknown & Truth.Invalid("why")).Fails);
        Assert.IsTrue((Truth.False | Truth.Invalid("why")).Fails);
    }

    [TestMethod]
    public void Broadcasting_follows_onnx()
    {
        Dim n = Dim.Symbol("N"), m = Dim.Symbol("M");
        Assert.AreEqual("[N, 3]", Seq.Broadcast(Seq.Of(n, 1), Seq.Of<Dim>(3)).ToString());
        Assert.AreEqual("[3]", Seq.Broadcast(Seq.Of(n), Seq.Of<Dim>(3)).ToString());
        Assert.AreEqual("[?]", Seq.Broadcast(Seq.Of(n), Seq.Of(m)).ToString());
        Assert.AreEqual("[N]", Seq.Broadcast(Seq.Of(n), Seq.Of(n)).ToString());
        Assert.AreEqual("[0]", Seq.Broadcast(Seq.Of<Dim>(0), Seq.Of<Dim>(1)).ToString());
        Assert.IsNotNull(Seq.Broadcast(Seq.Of<Dim>(2), Seq.Of<Dim>(3)).Reason);
        Assert.IsNotNull(Seq.Broadcast(Seq.Of<Dim>(2), Seq.Of<Dim>(3), Seq.Of<Dim>(2)).Reason);
        Assert.IsFalse(Seq.Broadcast(default, Seq.Of<Dim>(3)).IsKnown);
    }
}
