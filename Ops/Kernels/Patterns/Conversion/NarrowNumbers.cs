using System.Numerics;

namespace Ops.Kernels;

/// <summary>Conversions to and from narrow types, a vector at a time.</summary>
internal static unsafe class NarrowNumbers
{
    /// <summary>The upper half of each float, rounded to nearest, ties to even.</summary>
    public static void ToBFloat16(float* from, BFloat16* to, int count)
    {
        int i = 0;
        for (; i + Vector<ushort>.Count <= count; i += Vector<ushort>.Count)
        {
            Vector<uint> low = Rounded(from + i), high = Rounded(from + i + Vector<uint>.Count);
            Vector.Narrow(low, high).Store((ushort*)to + i);
        }

        for (; i < count; i++) to[i] = (BFloat16)from[i];

        static Vector<uint> Rounded(float* source)
        {
            Vector<float> value = Vector.Load(source);
            Vector<uint> bits = Vector.AsVectorUInt32(value), odd = (bits >>> 16) & Vector<uint>.One;
            Vector<uint> rounded = (bits + new Vector<uint>(0x7FFF) + odd) >>> 16;

            // Rounding could carry a NaN into an infinity: it keeps its upper half, with the quiet bit set.
            Vector<uint> nan = (bits >>> 16) | new Vector<uint>(0x40);
            return Vector.ConditionalSelect(Vector.AsVectorUInt32(Vector.Equals(value, value)), rounded, nan);
        }
    }

    /// <summary>Each number as float, which is exact.</summary>
    public static void ToFloat(BFloat16* from, float* to, int count)
    {
        int i = 0;
        for (; i + Vector<ushort>.Count <= count; i += Vector<ushort>.Count)
        {
            Vector.Widen(Vector.Load((ushort*)from + i), out Vector<uint> low, out Vector<uint> high);
            (low << 16).Store((uint*)to + i);
            (high << 16).Store((uint*)to + i + Vector<uint>.Count);
        }

        for (; i < count; i++) to[i] = (float)from[i];
    }

    /// <summary>Floats truncated to integers of 1 or 2 bytes; what lies outside of low to high becomes the nearest end, NaN becomes
    /// 0.</summary>
    public static void ToInteger(float* from, void* to, int width, int low, int high, int count)
    {
        Vector<int> least = new(low), most = new(high);
        int i = 0;
        if (width == 2)
        {
            for (; i + Vector<short>.Count <= count; i += Vector<short>.Count) Shorts(from + i).Store((short*)to + i);
        }
        else
        {
            for (; i + Vector<sbyte>.Count <= count; i += Vector<sbyte>.Count)
                Vector.Narrow(Shorts(from + i), Shorts(from + i + Vector<short>.Count)).Store((sbyte*)to + i);
        }

        for (; i < count; i++)
        {
            int number = Math.Clamp(int.CreateSaturating(from[i]), low, high);
            if (width == 2) ((short*)to)[i] = (short)number;
            else ((sbyte*)to)[i] = (sbyte)number;
        }

        Vector<short> Shorts(float* source) => Vector.Narrow(Whole(source), Whole(source + Vector<int>.Count));

        Vector<int> Whole(float* source) => Vector.Min(Vector.Max(Vector.ConvertToInt32(Vector.Load(source)), least), most);
    }
}
