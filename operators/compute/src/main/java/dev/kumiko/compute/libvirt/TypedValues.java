package dev.kumiko.compute.libvirt;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An array of libvirt's {@code struct virTypedParameter}, as it lies on LP64: {@code char
 * field[80]; int type;} and a union of 8 bytes, aligned.
 */
record TypedValues(Map<String, Object> values) {
  private static final int PARAMETER_BYTES = 96;
  private static final int TYPE_OFFSET = 80;
  private static final int VALUE_OFFSET = 88;
  private static final int UNSIGNED_LONG = 4;

  static TypedValues of(Pointer parameters, int count) {
    Map<String, Object> values = new LinkedHashMap<>();
    for (int i = 0; i < count; i++) {
      Pointer at = parameters.share((long) i * PARAMETER_BYTES);
      values.put(at.getString(0), value(at));
    }
    return new TypedValues(values);
  }

  /** One parameter, an unsigned number of 64 bits. */
  static Memory unsigned(String name, long value) {
    Memory parameter = new Memory(PARAMETER_BYTES);
    parameter.clear();
    parameter.setString(0, name);
    parameter.setInt(TYPE_OFFSET, UNSIGNED_LONG);
    parameter.setLong(VALUE_OFFSET, value);
    return parameter;
  }

  /** 0 when it is missing. */
  long number(String name) {
    return values.get(name) instanceof Number number ? number.longValue() : 0;
  }

  /** Types of virTypedParameterType that are read; others are left as they are. */
  private static Object value(Pointer parameter) {
    return switch (parameter.getInt(TYPE_OFFSET)) {
      case 1 -> parameter.getInt(VALUE_OFFSET);
      case 2 -> Integer.toUnsignedLong(parameter.getInt(VALUE_OFFSET));
      case 3, UNSIGNED_LONG -> parameter.getLong(VALUE_OFFSET);
      case 7 -> parameter.getPointer(VALUE_OFFSET).getString(0, "UTF-8");
      default -> "";
    };
  }
}
