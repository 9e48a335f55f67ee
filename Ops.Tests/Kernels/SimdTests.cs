using System.Numerics;
using Ops.Simd;
using Ops.Specs.Types;

namespace Ops.Tests.Kernels;

/// <summary>Every operation of every vector against generic arithmetic, lane by lane.</summary>
[TestClass]
public sealed class SimdTests
{
    [TestMethod]
    public void Operations_match_scalar_arithmetic() => Kinds.ForAll(new Operations());

    [TestMethod]
    public void Lanes_move_and_fold_as_said() => Kinds.ForAll(new Movements());

    [TestMethod]
    public void Integer_division_never_throws()
    {
        Assert.AreEqual((0, 0, 0), Divide<int>(5, 0));
        Assert.AreEqual((int.MinValue, 0, 0), Divide(int.MinValue, -1));
        Assert.AreEqual((sbyte.MinValue, (sbyte)0, (sbyte)0), Divide(sbyte.MinValue, (sbyte)-1));
        Assert.AreEqual((long.MinValue, 0L, 0L), Divide(long.MinValue, -1L));
        Assert.AreEqual((-3, -1, 1), Divide(-7, 2));
        Assert.AreEqual((-3, 1, -1), Divide(7, -2));
        Assert.AreEqual(((byte)0, (byte)0, (byte)0), Divide<byte>(200, 0));

        static (T, T, T) Divide<T>(T x, T y) where T : unmanaged
        {
            Simd512<T> a = Simd512<T>.Create(x), b = Simd512<T>.Create(y);
            Simd1<T> c = Simd1<T>.Create(x), d = Simd1<T>.Create(y);
            Assert.AreEqual(Simd512<T>.First(a / b), (c / d).Value);
            return ((c / d).Value, Simd1<T>.Remainder(c, d).Value, Simd512<T>.First(Simd512<T>.Modulo(a, b)));
        }
    }

    [TestMethod]
    public void Integer_powers_and_shifts()
    {
        Assert.AreEqual(81, Simd128<int>.First(Simd128<int>.Pow(Simd128<int>.Create(-3), Simd128<int>.Create(4))));
        Assert.AreEqual(0, Simd128<int>.First(Simd128<int>.Pow(Simd128<int>.Create(2), Simd128<int>.Create(-1))));
        Assert.AreEqual(-1, Simd128<int>.First(Simd128<int>.Pow(Simd128<int>.Create(-1), Simd128<int>.Create(-3))));
        Assert.AreEqual((byte)0xF0, Simd128<byte>.First(Simd128<byte>.ShiftLeft(Simd128<byte>.Create(0xFF), Simd128<byte>.Create(4))));
        Assert.AreEqual((byte)0, Simd128<byte>.First(Simd128<byte>.ShiftLeft(Simd128<byte>.Create(0xFF), Simd128<byte>.Create(8))));
        Assert.AreEqual((byte)0x0F, Simd128<byte>.First(Simd128<byte>.ShiftRight(Simd128<byte>.Create(0xFF), Simd128<byte>.Create(4))));
        Assert.AreEqual(-1L, Simd128<long>.First(Simd128<long>.ShiftRight(Simd128<long>.Create(-5), Simd128<long>.Create(64))));
        Assert.AreEqual(3037000499L, Simd128<long>.First(Simd128<long>.Sqrt(Simd128<long>.Create(long.MaxValue))));
    }

    [TestMethod]
    public void Functions_of_floats_refuse_integers() =>
        Assert.ThrowsExactly<NotSupportedException>(() => Simd256<int>.Exp(Simd256<int>.Zero));

    private sealed unsafe class Operations : IKindVisitor
    {
        public void Visit<T, C>(ElementType type)
            where T : unmanaged
            where C : unmanaged, INumber<C>, IMinMaxValue<C>
        {
            Check<Simd1<C>, C>();
            Check<Simd128<C>, C>();
            Check<Simd256<C>, C>();
            Check<Simd512<C>, C>();
        }

        private static void Check<V, C>()
            where V : struct, ISimd<V, C>
            where C : unmanaged, INumber<C>, IMinMaxValue<C>
        {
            var random = new Random(3);
            byte* bools = stackalloc byte[V.Count];
            C[] a = new C[V.Count], b = new C[V.Count], c = new C[V.Count];
            for (int round = 0; round < 200; round++)
            {
                Kinds.Fill<C, C>(a, random);
                Kinds.Fill<C, C>(b, random);
                Kinds.Fill<C, C>(c, random);
                if (round % 3 == 0) a.CopyTo(b, 0);
                fixed (C* pa = a, pb = b, pc = c)
                {
                    V x = V.Load(pa), y = V.Load(pb), z = V.Load(pc);
                    Lanes("+", x + y, i => a[i] + b[i]);
                    Lanes("-", x - y, i => a[i] - b[i]);
                    Lanes("*", x * y, i => a[i] * b[i]);
                    if (typeof(C) == typeof(float) || typeof(C) == typeof(double)) Lanes("/", x / y, i => a[i] / b[i]);
                    Lanes("Min", V.Min(x, y), i => C.Min(a[i], b[i]));
                    Lanes("Max", V.Max(x, y), i => C.Max(a[i], b[i]));
                    Lanes("Abs", V.Abs(x), i => a[i] < C.Zero ? C.Zero - a[i] : C.IsNaN(a[i]) || a[i] > C.Zero ? a[i] : C.Zero);
                    Lanes("Sign", V.Sign(x), i => a[i] == C.Zero || C.IsNaN(a[i]) ? a[i] : a[i] > C.Zero ? C.One : -C.One);
                    Lanes("Equal", V.Select(V.Equal(x, y), x, z), i => a[i] == b[i] ? a[i] : c[i]);
                    Lanes("NotEqual", V.Select(V.NotEqual(x, y), x, z), i => a[i] != b[i] ? a[i] : c[i]);
                    Lanes("Less", V.Select(V.Less(x, y), x, z), i => a[i] < b[i] ? a[i] : c[i]);
                    Lanes("LessOrEqual", V.Select(V.LessOrEqual(x, y), x, z), i => a[i] <= b[i] ? a[i] : c[i]);
                    Lanes("Greater", V.Select(V.Greater(x, y), x, z), i => a[i] > b[i] ? a[i] : c[i]);
                    Lanes("GreaterOrEqual", V.Select(V.GreaterOrEqual(x, y), x, z), i => a[i] >= b[i] ? a[i] : c[i]);
                    Lanes("IsNaN", V.Select(V.IsNaN(x), V.Zero, x), i => C.IsNaN(a[i]) ? C.Zero : a[i]);
                    Lanes("IsInfinity", V.Select(V.IsInfinity(x), V.Zero, x), i => C.IsInfinity(a[i]) ? C.Zero : a[i]);
                    Lanes("Clamp", V.Clamp(x, V.Constant(-3), V.Constant(4)), i => C.IsNaN(a[i]) ? a[i] : C.Min(C.Max(a[i],
                        C.CreateSaturating(-3)), C.CreateSaturating(4)));
                    Lanes("Constant", V.Constant(5), _ => C.CreateSaturating(5));
                    Lanes("Negate", -x, i => unchecked(-a[i]));
                    V.StoreMask(V.Less(x, y), bools);
                    for (int i = 0; i < V.Count; i++) Assert.AreEqual(a[i] < b[i] ? 1 : 0, bools[i]);
                    for (int i = 0; i < V.Count; i++) bools[i] *= 7;
                    Lanes("LoadMask", V.Select(V.LoadMask(bools), x, z), i => a[i] < b[i] ? a[i] : c[i]);
                    Assert.AreEqual(Enumerable.Range(0, V.Count).Any(i => a[i] < b[i]), V.Any(V.Less(x, y)));
                    Assert.AreEqual(Enumerable.Range(0, V.Count).All(i => a[i] < b[i]), V.All(V.Less(x, y)));
                }
            }
        }

        private static void Lanes<V, C>(string name, V actual, Func<int, C> expected)
            where V : struct, ISimd<V, C>
            where C : unmanaged
        {
            C* lanes = stackalloc C[V.Count];
            V.Store(actual, lanes);
            for (int i = 0; i < V.Count; i++)
                if (!Kinds.Same(expected(i), lanes[i])) Assert.Fail($"{typeof(V)} {name}: lane {i} is {lanes[i]}, not {expected(i)}");
        }
    }

    private sealed unsafe class Movements : IKindVisitor
    {
        public void Visit<T, C>(ElementType type)
            where T : unmanaged
            where C : unmanaged, INumber<C>, IMinMaxValue<C>
        {
            Check<Simd1<C>, C>();
            Check<Simd128<C>, C>();
            Check<Simd256<C>, C>();
            Check<Simd512<C>, C>();
        }

        private static void Check<V, C>()
            where V : struct, ISimd<V, C>
            where C : unmanaged, INumber<C>, IMinMaxValue<C>
        {
            C* lanes = stackalloc C[V.Count];
            for (int distance = 1; distance < V.Count; distance *= 2)
            {
                V.Store(V.Exchange(V.Indices, distance), lanes);
                for (int i = 0; i < V.Count; i++) Assert.AreEqual(C.CreateChecked(i ^ distance), lanes[i]);
            }

            Assert.AreEqual(C.Zero, V.First(V.Indices));
            Assert.AreEqual(C.CreateTruncating(V.Count * (V.Count - 1) / 2), V.SumLanes(V.Indices));
            Assert.AreEqual(C.CreateChecked(V.Count - 1), V.MaxLanes(V.Indices));
            Assert.AreEqual(C.Zero, V.MinLanes(V.Indices));
            for (int count = 0; count <= V.Count; count++)
            {
                using var buffer = new GuardedBuffer((long)count * sizeof(C));
                V.StorePartial(V.Indices, (C*)buffer.Data, count);
                buffer.CheckCanaries();
                V.Store(V.LoadPartial((C*)buffer.Data, count), lanes);
                for (int i = 0; i < V.Count; i++) Assert.AreEqual(C.CreateChecked(i < count ? i : 0), lanes[i]);
            }
        }
    }
}
