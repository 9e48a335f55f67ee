using Ops.Simd;

namespace Ops.Tests.Kernels;

/// <summary>float16 and bfloat16 in vectors.</summary>
[TestClass]
public sealed unsafe class NarrowFloatTests
{
    [TestMethod]
    public void Halves_widen_exactly()
    {
        Check<Simd1<float>>();
        Check<Simd128<float>>();
        Check<Simd256<float>>();
        Check<Simd512<float>>();

        static void Check<V>() where V : struct, ISimd<V, float>
        {
            Half* source = stackalloc Half[V.Count];
            float* wide = stackalloc float[V.Count];
            for (int bits = 0; bits <= ushort.MaxValue; bits += V.Count)
            {
                for (int i = 0; i < V.Count; i++) source[i] = BitConverter.UInt16BitsToHalf((ushort)(bits + i));
                V.Store(V.LoadHalf(source), wide);
                for (int i = 0; i < V.Count; i++) Assert.IsTrue(Kinds.Same((float)source[i], wide[i]), $"{bits + i:X4}");
            }
        }
    }

    [TestMethod]
    public void BFloat16_widen_exactly()
    {
        Check<Simd1<float>>();
        Check<Simd128<float>>();
        Check<Simd256<float>>();
        Check<Simd512<float>>();

        static void Check<V>() where V : struct, ISimd<V, float>
        {
            BFloat16* source = stackalloc BFloat16[V.Count];
            float* wide = stackalloc float[V.Count];
            for (int bits = 0; bits <= ushort.MaxValue; bits += V.Count)
            {
                for (int i = 0; i < V.Count; i++) source[i] = BFloat16.FromBits((ushort)(bits + i));
                V.Store(V.LoadBFloat16(source), wide);
                for (int i = 0; i < V.Count; i++) Assert.IsTrue(Kinds.Same((float)source[i], wide[i]), $"{bits + i:X4}");
            }
        }
    }

    [TestMethod]
    public void Floats_narrow_as_the_scalar_conversions_do()
    {
        float[] values = Values();
        Check<Simd1<float>>(values);
        Check<Simd128<float>>(values);
        Check<Simd256<float>>(values);
        Check<Simd512<float>>(values);

        static void Check<V>(float[] values) where V : struct, ISimd<V, float>
        {
            Half* half = stackalloc Half[V.Count];
            BFloat16* brain = stackalloc BFloat16[V.Count];
            fixed (float* source = values)
            {
                for (int start = 0; start + V.Count <= values.Length; start += V.Count)
                {
                    V x = V.Load(source + start);
                    V.StoreHalf(x, half);
                    V.StoreBFloat16(x, brain);
                    for (int i = 0; i < V.Count; i++)
                    {
                        float value = values[start + i];
                        if (!Kinds.Same((Half)value, half[i])) Assert.Fail($"{value:R} gives the half {half[i]}");
                        if (!Kinds.Same((BFloat16)value, brain[i])) Assert.Fail($"{value:R} gives the bfloat16 {brain[i]}");
                    }
                }
            }
        }
    }

    /// <summary>Every half and bfloat16, every midpoint of neighbours, their neighbours as floats, and random patterns.</summary>
    private static float[] Values()
    {
        var values = new List<float>();
        for (int bits = 0; bits < ushort.MaxValue; bits++)
        {
            float half = (float)BitConverter.UInt16BitsToHalf((ushort)bits),
                next = (float)BitConverter.UInt16BitsToHalf((ushort)(bits + 1));
            AddAround((half + next) / 2);
            AddAround(BitConverter.UInt32BitsToSingle(((uint)bits << 16) | 0x8000));
        }

        AddAround(65520);
        AddAround(-65520);
        var random = new Random(2);
        for (int i = 0; i < 200_000; i++) values.Add(BitConverter.Int32BitsToSingle((int)random.NextInt64()));
        return [.. values];

        void AddAround(float value)
        {
            values.Add(float.BitDecrement(value));
            values.Add(value);
            values.Add(float.BitIncrement(value));
        }
    }
}
